// A few seeded kills of every scenario; `npm run proof -- kills` does them in their full number.
import { describe, expect, test } from 'vitest';
import { emptyDatabase, engine } from '../support/databases.ts';
import { killOften } from './kills/harness.ts';
import { scenarios, scenariosOn } from './kills/scenarios.ts';

/** Ten over both engines, and at least one of each scenario on each. */
const kills = Math.max(1, Math.ceil(5 / scenarios.length));

describe('a portal that is killed at any moment goes on where it was', () => {
	for (const scenario of scenariosOn(engine))
		test(scenario.name, { timeout: 180_000 }, async () => {
			const wanted = Math.max(kills, scenario.leastKills?.few ?? 0);
			const done = await killOften({ scenario, seed: 'every day', kills: wanted, emptyDatabase });
			expect(done.kills).toBe(wanted);
		});
});
