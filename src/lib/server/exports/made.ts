// An export as its person sees it.
import type { Context } from '../context.ts';
import { dayOf, instant } from '../platform/clock.ts';
import type { ExportTable, ExportVolumeTable } from '../schema.ts';
import { missingIn, type Missing } from './missing.ts';
import { progressIn, type Progress } from './progress.ts';

export interface Export {
	id: string;
	state: ExportTable['state'];
	categories: readonly string[];
	createdAt: string;
	readyAt: string | null;
	expiresAt: string | null;
	/** Of all volumes together. */
	bytes: number | null;
	records: number | null;
	/** Of the only volume; each has its own where there are several. */
	sha256: string | null;
	/** Nothing is missing here. */
	complete: boolean;
	/** What is, and why. */
	missing: readonly Missing[];
	/** The export that fetched what is missing here, and lacks nothing. */
	completedBy: string | undefined;
	/** The export of which this one fetches what was missing. */
	completes: string | null;
	/** Instants: only what is from the one on and before the other. */
	since: string | null;
	until: string | null;
	volumeBytes: number | null;
	volumes: readonly Pick<ExportVolumeTable, 'number' | 'bytes' | 'sha256' | 'records'>[];
	progress: Progress | undefined;
	/** Its person has locked it with a passphrase: an age file. */
	locked: boolean;
	/** It is being locked just now; until then it is downloaded as it was. */
	locking: boolean;
	/** How often its person asked to keep it longer. */
	prolonged: number;
	/** Why it could not be built. */
	failure: string | null;
}

const volumeOf = ({ number, bytes, sha256, records }: ExportVolumeTable) => ({
	number,
	bytes,
	sha256,
	records
});

/** An export that was made before there were volumes is one. */
function volumesOf(row: ExportTable, volumes: readonly ExportVolumeTable[]): Export['volumes'] {
	const { bytes, sha256, records } = row;
	if (volumes.length || bytes === null || sha256 === null) return volumes.map(volumeOf);
	return [{ number: 1, bytes, sha256, records: records ?? 0 }];
}

/** Follows whoever completed it, and whoever completed that one; one whose file is gone completes nothing. */
function completedBy(id: string, all: readonly ExportTable[]): string | undefined {
	for (const other of all) {
		if (other.completes !== id || other.state !== 'ready') continue;
		if (other.complete === 1) return other.id;
		const further = completedBy(other.id, all);
		if (further) return further;
	}
	return undefined;
}

/** Whoever locks a finished one holds its lease; whoever removes one that is too old does so too. */
function isBeingLocked({ clock }: Pick<Context, 'clock'>, row: ExportTable): boolean {
	const now = instant(clock.now());
	const [until, expiresAt] = [row.leasedUntil ?? '', row.expiresAt ?? ''];
	return row.state === 'ready' && row.locked === 0 && until > now && expiresAt > now;
}

/** `all`: other exports of the person, among them those that complete this one. */
export function toExport(
	ctx: Pick<Context, 'clock'>,
	row: ExportTable,
	volumes: readonly ExportVolumeTable[],
	all: readonly ExportTable[]
): Export {
	const { id, state, createdAt, readyAt, expiresAt, bytes, records, sha256 } = row;
	const { completes, since, until, volumeBytes, failure } = row;
	return {
		...{ id, state, createdAt, readyAt, expiresAt, bytes, records, sha256 },
		...{ completes, since, until, volumeBytes, failure },
		locked: row.locked === 1,
		locking: isBeingLocked(ctx, row),
		prolonged: row.prolonged,
		categories: row.categories.split(' ').filter(Boolean),
		complete: row.complete === 1,
		missing: missingIn(row.missing),
		completedBy: row.complete === 0 ? completedBy(id, all) : undefined,
		volumes: volumesOf(row, volumes),
		progress: state === 'building' ? progressIn(row.progress) : undefined
	};
}

/** `classting-2026-11-22.zip`, and `classting-2026-11-22-2-of-3.zip` where there are several volumes. */
export function fileName(
	{ organisation: { organisation } }: Pick<Context, 'organisation'>,
	{
		createdAt,
		volumes,
		locked
	}: Pick<Export, 'createdAt'> & { volumes?: readonly unknown[]; locked?: boolean },
	volume = 1
): string {
	const last = volumes?.length ?? 1;
	return `${organisation.id}-${dayOf(new Date(createdAt))}${last > 1 ? `-${volume}-of-${last}` : ''}.zip${locked ? '.age' : ''}`;
}
