// Every scenario of the kill tests.
import { backups } from './backups.ts';
import { deliveries } from './deliveries.ts';
import { exportsBuilt } from './exports.ts';
import { intake } from './intake.ts';
import { locks } from './locks.ts';
import { messages } from './messages.ts';
import { retention } from './retention.ts';
import { rotations } from './rotations.ts';
import type { Scenario } from './scenario.ts';
import { withdrawals } from './withdrawals.ts';

export const scenarios: readonly Scenario[] = [
	withdrawals,
	exportsBuilt,
	locks,
	intake,
	deliveries,
	rotations,
	backups,
	retention,
	messages
];

/** Those that this engine has a part in. */
export const scenariosOn = (engine: 'sqlite' | 'postgres'): readonly Scenario[] =>
	scenarios.filter(({ only }) => only === undefined || only === engine);
