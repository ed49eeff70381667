// A certificate in the visitor's language: names of categories, laws and partners instead of codes.
import { calledName, retentionOf } from '$lib/server/organisation/lookup';
import type { Certificate, Claimed } from '$lib/server/withdrawal/withdrawal';
import { holding } from '../../holdings';

type Issued = NonNullable<Claimed['issued']>;

export interface DescribedCertificate {
	organisation: string;
	final: boolean;
	/** `verbatim`: from left to right in every language. */
	facts: { term: string; text: string; verbatim?: boolean }[];
	destroyed: { label: string; records: string }[];
	total: number;
	kept: { label: string; what: string; law: string; records: string; until: string }[];
	partners: { name: string; answer: string }[];
	/** Systems of the organisation's own. */
	systems: { name: string; held: string; state: string }[];
	key: string;
	backups: string;
	keysUrl: string;
}

function factsOf({ translation: { t, dateTime, number } }: App.Locals, certificate: Certificate) {
	const { sub, version, final, requestedAt, lockedAt, erasedAt, issuedAt } = certificate;
	const fact = (name: string, text: string) => ({ term: t(`claim:fact.${name}`), text });
	return [
		{ ...fact('case', sub), verbatim: true },
		fact('version', t(final ? 'claim:fact.final' : 'claim:fact.preliminary', { version: number(version) })),
		fact('requested', dateTime(requestedAt)),
		fact('locked', dateTime(lockedAt)),
		fact('erased', dateTime(erasedAt)),
		fact('issued', dateTime(issuedAt))
	];
}

const keptOf = (locals: App.Locals, { kept }: Certificate): DescribedCertificate['kept'] =>
	kept.map(({ category, ground, law, records, until }) => ({
		label: holding(locals, category).label,
		what: locals.translation.text(retentionOf(locals.ctx.organisation, ground)?.afterLeaving?.what) || ground,
		law: locals.translation.text(law),
		records: locals.translation.number(records),
		until: locals.translation.date(until)
	}));

const systemsOf = (
	{ translation: { t, text, date, number } }: App.Locals,
	{ sources = [] }: Certificate
): DescribedCertificate['systems'] =>
	sources.map(({ source, name, state, held, at }) => ({
		name: text(name) || source,
		held: held ? number(held.reduce((sum, { records }) => sum + records, 0)) : t('claim:sources.unknown'),
		state: t(`claim:sources.${state}`, { date: date(at) })
	}));

export function describeCertificate(locals: App.Locals, { certificate }: Issued): DescribedCertificate {
	const { t, text, date, number } = locals.translation;
	const { organisation, destroyed, recipients, key, backupsAgeOutOn, iss, final } = certificate;
	return {
		organisation: text(organisation.name),
		final,
		facts: factsOf(locals, certificate),
		destroyed: destroyed
			.toSorted((a, b) => b.records - a.records)
			.map(({ category, records }) => ({ label: holding(locals, category).label, records: number(records) })),
		total: destroyed.reduce((sum, { records }) => sum + records, 0),
		kept: keptOf(locals, certificate),
		partners: recipients.map(({ partner, state, at }) => ({
			name: text(calledName(locals.ctx.organisation, partner)),
			answer: t(`claim:answer.${state}`, { date: date(at) })
		})),
		systems: systemsOf(locals, certificate),
		key: key.id,
		backups: date(backupsAgeOutOn),
		keysUrl: `${iss}/.well-known/jwks.json`
	};
}
