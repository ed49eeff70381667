// Promise: every described source has an address and every address a source, or the portal does not open.
import { Webhook } from 'standardwebhooks';
import type { Context } from '../context.ts';
import type { Organisation, OutsideSource } from '../organisation/organisation.ts';
import { kindOf } from '../platform/sources/addresses.ts';
import { openSource, type BreakerRule, type Driven } from '../platform/sources/open.ts';
import type { Source } from '../platform/sources/source.ts';
import { watchOver } from './watching.ts';

type Given = Pick<Context, 'organisation' | 'settings'>;

/** Lines for the operator; undefined where all fits. */
export function sourceProblems({ organisation, settings }: Given): string[] | undefined {
	const described = new Map(organisation.sources.map((source) => [source.id, source]));
	const lines = organisation.sources.flatMap(({ id, kind }) => {
		const address = settings.sources[id];
		if (address === undefined)
			return `CANDOR_SOURCES: the description names the source ${id}, which has no address. Add ${id}=…`;
		return kindOf(address) === kind
			? []
			: `CANDOR_SOURCES: the address of ${id} is not one of a source of the kind ${kind}.`;
	});
	for (const id of Object.keys(settings.sources))
		if (!described.has(id))
			lines.push(`CANDOR_SOURCES: no source of the description is called ${id}. Remove it, or describe it.`);
	return lines.length ? lines : undefined;
}

function drivenOf(organisation: Organisation, source: OutsideSource): Driven {
	const fields = new Map(
		organisation.categories.map((category) => [category.id, category.fields.map(({ id }) => id)])
	);
	const categories = source.categories.map((lying) => ({
		...lying,
		fields: fields.get(lying.category) ?? []
	}));
	return { ...source, categories };
}

/**
 * Opens what is described; connects to none of them yet. `secrets`: with what each signs its calls, where it is called over
 * HTTP (Standard Webhooks).
 */
export async function openSources(
	ctx: Given & Pick<Context, 'db' | 'clock' | 'log'>,
	secrets: Readonly<Record<string, string>>,
	breaker?: BreakerRule
): Promise<ReadonlyMap<string, Source>> {
	const opened = new Map<string, Source>();
	for (const described of ctx.organisation.sources) {
		const address = ctx.settings.sources[described.id];
		if (address === undefined) continue;
		const equipment = {
			watch: watchOver(ctx, described.id),
			sign: (id: string, at: Date, payload: string) =>
				new Webhook(secrets[described.id] ?? '').sign(id, at, payload),
			...(breaker && { breaker })
		};
		opened.set(described.id, await openSource(drivenOf(ctx.organisation, described), address, equipment));
	}
	return opened;
}

/** A system that hangs keeps nobody from closing for longer than this. */
const closingMilliseconds = 3_000;

export async function closeSources(sources: ReadonlyMap<string, Source>): Promise<void> {
	const closed = Promise.all([...sources.values()].map((source) => source.close().catch(() => undefined)));
	let timer: NodeJS.Timeout | undefined;
	const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, closingMilliseconds)));
	await Promise.race([closed, over]);
	clearTimeout(timer);
}
