// Backups while the portal writes: whatever has a manifest is whole, and no readable copy outlives its process.
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as audit from '../../../src/lib/server/audit/audit.ts';
import type { Context } from '../../../src/lib/server/context.ts';
import { backUp, backupsIn, type Kind } from '../../../src/lib/server/platform/backup/backup.ts';
import { bringBack, standing } from '../../../src/lib/server/platform/backup/restore.ts';
import { after } from '../../../src/lib/server/platform/clock.ts';
import { filesBelow, reader } from './people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	identity: string;
	recipient: string;
	personId: string;
}

const kinds: readonly Kind[] = ['portal', 'keys'];
const each = 4;
const folderFor = ({ settings }: Context, kind: Kind) =>
	join(settings.dataFolder, '..', 'backups', kind, 'here');

async function prepare({ ctx, random }: World): Promise<Given> {
	const identity = await generateX25519Identity();
	const { id } = await reader(ctx, 'reader', random.whole(500, 4_000));
	return { identity, recipient: await identityToRecipient(identity), personId: id };
}

const urlsOf = (
	kind: Kind,
	{ keysUrl, databaseUrl, archiveUrl }: Context['settings']
): Record<string, string> =>
	kind === 'keys' ? { keys: keysUrl } : { portal: databaseUrl, archive: archiveUrl };

async function drive(ctx: Context, { recipient, personId }: Given): Promise<void> {
	for (const kind of kinds)
		for (;;) {
			const folder = folderFor(ctx, kind);
			const before = await backupsIn(folder, kind);
			if (before.length >= each) break;
			const made = await backUp({
				kind,
				databases: Object.entries(urlsOf(kind, ctx.settings)).map(([name, url]) => ({ name, url })),
				folder,
				dataFolder: ctx.settings.dataFolder,
				recipients: [recipient],
				now: after(ctx.clock.now(), before.length, 'seconds'),
				description: ctx.organisation.organisation.id,
				tombstones: await ctx.keys.tombstones.head()
			});
			assert.ok(!('refused' in made), JSON.stringify(made));
			await audit.record(ctx, personId, 'account-imported');
		}
}

async function checkKilled({ ctx }: World, { identity }: Given): Promise<void> {
	const readable = filesBelow(ctx.settings.dataFolder).filter((file) => file.includes('being-backed-up'));
	assert.deepEqual(readable, []);
	for (const kind of kinds)
		for (const { manifest, path } of await backupsIn(folderFor(ctx, kind), kind)) {
			const away = (name: string) => `sqlite:${join(ctx.settings.dataFolder, '..', 'opened', `${name}.db`)}`;
			const urls = Object.fromEntries(manifest.files.map(({ database }) => [database, away(database)]));
			const from = { manifest, folder: join(path, '..') };
			const opened = await bringBack([{ from, urls }], [identity], () => undefined);
			assert.deepEqual(opened, { restored: Object.keys(urls) });
			for (const url of Object.values(urls)) assert.equal(standing(url), 'free');
		}
}

async function check(world: World, given: Given): Promise<void> {
	await checkKilled(world, given);
	for (const kind of kinds) assert.equal((await backupsIn(folderFor(world.ctx, kind), kind)).length, each);
}

export const backups = scenario<Given>({
	name: 'backups',
	only: 'sqlite',
	prepare,
	drive,
	checkKilled,
	check
});
