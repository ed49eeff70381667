// The end of every restoring: whoever has left is erased again, in a portal that opens for nothing else.
import { replay } from '../lib/server/replay.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

const toReplay = { toReplay: true };

/** Answers how many tombstones the keys database lacked, and how many people the portal database still had. */
export async function replayTombstones(): Promise<{ tombstones: number; people: number }> {
	const progress = progressOf(1);
	const show = (done: number, of: number) =>
		progress.show(done / Math.max(1, of), 'tombstones looked through');
	const replayed = await withPortal((ctx) => replay(ctx, show), toReplay);
	progress.end();
	if ('lines' in replayed) throw new Refused(replayed.lines);
	return replayed;
}

const refusals = {
	'file-knows-more':
		'The file of tombstones has more lines than the keys database: written anew it would lose them. `candor restore` alone takes them over; a file of other databases is put aside by hand.',
	'chain-broken':
		'The tombstones of the keys database were changed themselves: bring back a backup of the keys, or the file.'
};

/** Answers the number of lines. */
export async function rebuildTombstones(isSure: boolean): Promise<number> {
	if (!isSure)
		throw new Refused(
			[
				'--rebuild-tombstones needs --yes: whoever stands only in the file that is there, and not in the keys database, would come back.'
			],
			2
		);
	const rebuilt = await withPortal(({ keys, settings, clock }) => {
		const aside = `${settings.tombstonesFile}.${clock.now().toISOString().replaceAll(':', '-')}`;
		return keys.tombstones.rebuild(aside);
	}, toReplay);
	if ('refused' in rebuilt) throw new Refused([refusals[rebuilt.refused]]);
	return rebuilt.written;
}
