// A rehearsal in the person's language: names of categories and partners instead of codes, the largest first; the numbers
// are those that the certificate will name.
import { calledName, partnerOf, webhookOf } from '$lib/server/organisation/lookup';
import type { Rehearsal } from '$lib/server/withdrawal/withdrawal';
import { holding } from '../../holdings';

export interface DescribedRehearsal {
	destroyed: { label: string; records: string }[];
	kept: { label: string; what: string; law: string; records: string; until: string }[];
	told: { title: string; text: string; href: string }[];
	total: number;
	/** What is in no number because its system can't be asked just now, in a sentence. */
	uncounted: string | undefined;
	/** The day on which no backup holds the person's key any more, and for how long backups of keys are kept. */
	backups: { on: string; days: number };
}

interface Counted {
	rehearsal: Rehearsal;
	eraseAt: string;
}

function toldOf({ ctx, translation: { t, text } }: App.Locals, told: readonly string[]) {
	const organisation = text(ctx.organisation.organisation.name);
	return told.map((id) => {
		const way = webhookOf(ctx.organisation, id) ? 'by-call' : 'by-organisation';
		return {
			title: text(calledName(ctx.organisation, id)),
			text: t(`withdrawal:rehearsal.told-${way}`, { organisation }),
			href: partnerOf(ctx.organisation, id) ? `/sharing/${id}` : '/contact'
		};
	});
}

/** Systems outside by their names, as one enumeration. */
export const named = ({ ctx, translation: { text, list } }: App.Locals, ids: readonly string[]): string =>
	list(ids.map((id) => text(ctx.organisation.sources.find((source) => source.id === id)?.label) || id));

export function describeRehearsal(
	locals: App.Locals,
	{ rehearsal: { destroyed, kept, told, total, uncounted }, eraseAt }: Counted
): DescribedRehearsal {
	const { t, text, number, date } = locals.translation;
	const { keys, settings } = locals.ctx;
	const label = (category: string) => holding(locals, category).label;
	return {
		destroyed: destroyed
			.toSorted((a, b) => b.records - a.records)
			.map(({ category, records }) => ({ label: label(category), records: number(records) })),
		kept: kept.map(({ category, what, law, records, until }) => ({
			label: label(category),
			what: text(what),
			law: text(law),
			records: number(records),
			until: date(until)
		})),
		told: toldOf(locals, told),
		total,
		uncounted: uncounted.length
			? t('withdrawal:sources.uncounted', { systems: named(locals, uncounted) })
			: undefined,
		backups: { on: date(keys.backupsAgeOutOn(new Date(eraseAt))), days: settings.keysBackupDays }
	};
}
