// Promise: what failed is tried again later and later, and what failed together is not tried again together.
import { randomInt } from 'node:crypto';
import { after, instant, type Clock } from '../clock.ts';

/** After each failure, up to a day (Standard Webhooks): over three days and ten tries in all. */
const minutes = [1 / 12, 5, 30, 120, 300, 600, 840, 1_200, 1_440];

/** How often something is tried before it is given up. */
export const mostTries = minutes.length + 1;

const aTenthLater = (clock: Clock, seconds: number): string =>
	instant(after(clock.now(), (seconds * (1_000 + randomInt(100))) / 1_000, 'seconds'));

/** When to try again after so many failures, each wait twice the one before; a tenth later at most. */
export const nextDoubled = (
	clock: Clock,
	failures: number,
	{ firstSeconds, mostSeconds }: { firstSeconds: number; mostSeconds: number }
): string => aTenthLater(clock, Math.min(firstSeconds * 2 ** (failures - 1), mostSeconds));

/** When to try again after so many failures, a tenth later at most; not before `waitSeconds` have passed. */
export function nextTry(clock: Clock, failures: number, waitSeconds = 0): string {
	const seconds = Math.max((minutes[failures - 1] ?? 1_440) * 60, waitSeconds);
	return aTenthLater(clock, seconds);
}
