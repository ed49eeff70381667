// Promise: whoever is invented to try the systems outside lives in a portal of their own, of which nothing stays.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenApart } from './canary/canary.ts';
import type { Context } from './context.ts';
import { closeDatabases, openDatabases } from './databases.ts';
import { threadOf } from './exports/exports.ts';
import type { OutsideSource } from './organisation/organisation.ts';
import { contractsOf } from './personal-data.ts';
import { after } from './platform/clock.ts';
import type { Settings } from './platform/settings.ts';
import { restrictionWork } from './restrictions/due.ts';
import { caseWork } from './withdrawal/case/follow-up.ts';
import { erasureWork } from './withdrawal/erasure.ts';

const databaseIn = (folder: string, name: string): string => `sqlite:${join(folder, `${name}.db`)}`;

/** Keys of its own, nowhere to write to, and nothing that the real one holds. */
const settingsIn = (folder: string, settings: Settings): Settings => ({
	...settings,
	dataFolder: folder,
	databaseUrl: databaseIn(folder, 'portal'),
	keysUrl: databaseIn(folder, 'keys'),
	archiveUrl: databaseIn(folder, 'archive'),
	tombstonesFile: join(folder, 'tombstones'),
	masterKeys: { text: `1:${randomBytes(32).toString('base64')}` },
	smtpUrl: undefined,
	smsUrl: undefined
});

/** What a walk needs to fall due, and no other work. */
const work = [erasureWork, caseWork, restrictionWork];

const organisationFor = ({ organisation }: Context, source: OutsideSource): Context['organisation'] => ({
	...organisation,
	sources: [source],
	listeners: [],
	controls: []
});

/** Longer than any walk takes. */
const longestHours = 12;

/** Of its own, for another walk may run; what a walk left that died long ago goes. */
function folderFor({ clock, settings }: Context): string {
	const all = join(settings.dataFolder, 'canary');
	mkdirSync(all, { recursive: true, mode: 0o700 });
	const longAgo = after(clock.now(), -longestHours, 'hours').getTime();
	for (const name of readdirSync(all))
		if (!(Number(name.split('-')[1]) > longAgo)) rmSync(join(all, name), { recursive: true, force: true });
	return mkdtempSync(join(all, `walk-${clock.now().getTime()}-`));
}

export const openApart: OpenApart = async (ctx, source) => {
	const folder = folderFor(ctx);
	const settings = settingsIn(folder, ctx.settings);
	const opened = await openDatabases(settings, ctx.clock);
	const organisation = organisationFor(ctx, source);
	const own = { organisation, contracts: contractsOf(organisation), settings, work };
	return {
		ctx: { ...ctx, ...opened, ...own, actor: 'portal' },
		close: async () => {
			await threadOf(settings).stop();
			await closeDatabases(opened);
			rmSync(folder, { recursive: true, force: true });
		}
	};
};
