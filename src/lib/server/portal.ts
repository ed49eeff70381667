// Composition: the only place where everything is opened and wired.
import { randomUUID } from 'node:crypto';
import { archiveProblem, whereIdentityLies } from './archive/recipients.ts';
import { canaryWork } from './canary/canary.ts';
import type { Actor, Context } from './context.ts';
import { CannotOpen, closeDatabases, openDatabases, refuseFor } from './databases.ts';
import { populate, welcome } from './demonstration/demonstration.ts';
import { webhookSecret } from './delivery/delivery.ts';
import { closeTransports } from './delivery/transports/transports.ts';
import { threadOf } from './exports/exports.ts';
import { loadOrganisation } from './organisation/load.ts';
import { contractsOf } from './personal-data.ts';
import { openApart } from './portal-apart.ts';
import { dayOf, fileClock, systemClock, type Clock } from './platform/clock.ts';
import { removeLeftCopies } from './platform/backup/copy.ts';
import { idsOn } from './platform/ids.ts';
import { openLog } from './platform/log.ts';
import { notReplayed } from './replay.ts';
import { startWorker } from './platform/work/work.ts';
import { closeSources, openSources, sourceProblems } from './sources/opening.ts';
import type { Settings } from './platform/settings.ts';
import { work } from './work.ts';

export { CannotOpen } from './databases.ts';

export interface Portal {
	/** A context for one request or one piece of work. */
	contextFor(actor: Actor, correlationId?: string): Context;
	/** Invents the demonstration's people where nobody is yet, and answers what its visitor should know; nothing at all outside it. */
	populate(): Promise<string[]>;
	/** Begins to work off what is due, unless this process only serves pages. */
	startWorking(): void;
	close(): Promise<void>;
}

function describe(settings: Settings, clock: Clock) {
	const loaded = loadOrganisation(settings.descriptionFolder, { today: dayOf(clock.now()) });
	if (!('problems' in loaded)) return loaded;
	throw new CannotOpen(
		loaded.problems.map(({ file, line, problem, write }) => `${file}:${line} ${problem} ${write}`)
	);
}

/** Systems outside are not called for it: one that is away does not keep the portal from opening. */
async function openOutside(
	ctx: Pick<Context, 'db' | 'keys' | 'organisation' | 'settings' | 'clock' | 'log'>
) {
	const ids = ctx.organisation.sources.map(({ id }) => id);
	const sourceSecrets = Object.fromEntries(ids.map((id) => [id, webhookSecret(ctx, id)]));
	return { sourceSecrets, sources: await openSources(ctx, sourceSecrets) };
}

async function refuseUnreplayed(ctx: Context): Promise<void> {
	const lines = await notReplayed(ctx);
	if (lines) await closeDatabases(ctx);
	refuseFor(lines);
}

/**
 * Opens everything. Throws `CannotOpen` with every line that the operator needs. `toReplay`: to erase again whoever had left,
 * before which it opens for nothing else.
 */
export async function openPortal(
	settings: Settings,
	given: { clock?: Clock; toReplay?: boolean } = {}
): Promise<Portal> {
	const clock = given.clock ?? (settings.clockFile ? fileClock(settings.clockFile) : systemClock);
	const log = openLog(settings.logLevel);
	const organisation = describe(settings, clock);
	refuseFor(await archiveProblem(settings, organisation));
	refuseFor(sourceProblems({ organisation, settings }));
	await removeLeftCopies(settings.dataFolder);
	const opened = await openDatabases(settings, clock);
	const contracts = contractsOf(organisation);
	const outside = await openOutside({ ...opened, organisation, settings, clock, log });
	const own = {
		organisation,
		contracts,
		work: [...work, canaryWork(openApart)],
		clock,
		ids: idsOn(clock),
		settings,
		log
	};
	const common = { ...opened, ...outside, ...own };
	const contextFor: Portal['contextFor'] = (actor, correlationId = randomUUID()) => ({
		...common,
		actor,
		correlationId
	});
	if (!given.toReplay) await refuseUnreplayed(contextFor('portal'));
	let worker: { stop(): Promise<void> } | undefined;
	return {
		contextFor,
		populate: async () => {
			if (!settings.demonstration) return [];
			await populate(contextFor('portal'));
			return [...(await welcome(contextFor('portal'))), ...whereIdentityLies(settings)];
		},
		startWorking: () => {
			if (settings.role !== 'web') worker ??= startWorker(contextFor('portal'));
		},
		close: async () => {
			await worker?.stop();
			closeTransports(settings);
			await threadOf(settings).stop();
			await closeSources(outside.sources);
			await closeDatabases(opened);
		}
	};
}
