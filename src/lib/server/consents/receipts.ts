// Promise: a receipt says what was stored when the decision was made, and nothing that was described only later.
import { translationIn } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import type { Decision } from './decisions.ts';
import { evidence } from './evidence.ts';
import type { Circumstances } from './offer.ts';

const receiptFormat = 'candor-receipt/1';
/** `typ` of a signed receipt. */
export const receiptType = 'candor-receipt+jws';

/** Names and grouping of the fields follow ISO/IEC TS 27560:2023; the record and its receipt share one id. */
export interface Receipt {
	format: typeof receiptFormat;
	fields_follow: 'ISO/IEC TS 27560:2023';
	header: { schema_version: string; record_id: string; receipt_id: string; pii_principal_id: string };
	pii_processing: {
		/** The words that were read. */
		consent_text: string;
		language: string;
		privacy_notice: { version: string; url: string } | null;
		purpose: { id: string; label: string } | null;
		lawful_basis: 'consent';
		pii_information: { code: string; label: string }[];
		/** Fingerprint of that list; transfers name it. */
		pii_information_version: string;
		pii_controllers: string[];
		recipient_third_parties: string[];
		storage_locations: string[];
		retention_period: string[];
		jurisdiction: string | null;
		withdrawal_method: string;
		withdrawal_consequence: string | null;
	};
	party_identification: {
		party_id: string;
		party_role: 'controller' | 'recipient';
		party_name: string;
		party_address?: string;
		party_country?: string;
		party_contact?: string;
		party_url?: string;
	}[];
	event: {
		event_time: string;
		validity_duration: 'until withdrawn' | null;
		event_type: 'explicit';
		event_state: 'given' | 'withdrawn';
		/** Who decided: the person, or a guardian or school in their place. */
		entity: 'person' | 'guardian' | 'school';
		entity_id: string;
		entity_name?: string;
		/** The paper on file. */
		evidence?: { id: string; type: string; bytes: number; sha256: string };
		/** `import`: taken over from a decision made elsewhere. */
		source: string;
	};
}

const urlOf = (ctx: Context, path: string) => `${ctx.settings.origin}${path}`;

function partiesOf(
	ctx: Context,
	{ partner, about }: Pick<Decision, 'partner' | 'about'>
): Receipt['party_identification'] {
	const controller = { party_id: ctx.organisation.organisation.id, party_role: 'controller' as const };
	const recipient = { party_id: partner, party_role: 'recipient' as const };
	if (!about)
		return [
			{ ...controller, party_name: controller.party_id },
			{ ...recipient, party_name: partner }
		];
	const { organisation, partner: other } = about;
	return [
		{
			...controller,
			party_name: organisation.name,
			party_address: organisation.address,
			party_country: organisation.country,
			party_contact: organisation.contact
		},
		{ ...recipient, party_name: other.name, party_country: other.country, party_url: other.policy }
	];
}

function processingOf(ctx: Context, decision: Decision): Receipt['pii_processing'] {
	const { words, fields, version, language, partner, about } = decision;
	const of = <Value>(read: (about: Circumstances) => Value): Value | null => (about ? read(about) : null);
	return {
		consent_text: words,
		language,
		privacy_notice: of(({ notice }) => ({ version: notice, url: urlOf(ctx, `/policy/${notice}`) })),
		purpose: of(({ purpose }) => purpose),
		lawful_basis: 'consent',
		pii_information: fields.map(({ code, label }) => ({ code, label })),
		pii_information_version: version,
		pii_controllers: [ctx.organisation.organisation.id],
		recipient_third_parties: [partner],
		storage_locations: about?.stored ?? [],
		retention_period: about?.kept ?? [],
		jurisdiction: of(({ jurisdiction }) => jurisdiction),
		withdrawal_method: urlOf(ctx, `/sharing/${encodeURIComponent(partner)}`),
		withdrawal_consequence: of(({ consequence }) => consequence)
	};
}

async function eventOf(ctx: Context, personId: string, decision: Decision): Promise<Receipt['event']> {
	const { givenBy, at, origin } = decision;
	const paper = decision.evidence ? await evidence(ctx, personId, decision.evidence) : undefined;
	const isGiven = decision.decision === 'granted';
	return {
		event_time: at,
		validity_duration: isGiven ? 'until withdrawn' : null,
		event_type: 'explicit',
		event_state: isGiven ? 'given' : 'withdrawn',
		entity: givenBy?.kind ?? 'person',
		entity_id: givenBy?.id ?? personId,
		...(givenBy?.name && { entity_name: givenBy.name }),
		...(paper && {
			evidence: { id: paper.id, type: paper.type, bytes: paper.bytes, sha256: paper.sha256 }
		}),
		source: origin
	};
}

/** The receipt of a decision; the same at every time (Kantara's and ISO's "consent receipt"). */
export async function receiptOf(ctx: Context, personId: string, decision: Decision): Promise<Receipt> {
	const { id } = decision;
	return {
		format: receiptFormat,
		fields_follow: 'ISO/IEC TS 27560:2023',
		header: { schema_version: '1', record_id: id, receipt_id: id, pii_principal_id: personId },
		pii_processing: processingOf(ctx, decision),
		party_identification: partiesOf(ctx, decision),
		event: await eventOf(ctx, personId, decision)
	};
}

/** A compact JWS over the receipt, checkable against `/.well-known/jwks.json`. */
export const signedReceipt = (ctx: Context, receipt: Receipt): Promise<string> =>
	ctx.signer.sign(receiptType, receipt);

/** The receipt to read and to print, in the language in which the decision was made. */
export function receiptText(
	{ pii_processing, party_identification, event, header }: Receipt,
	timeZone: string
): string {
	const { t, dateTime, list } = translationIn(pii_processing.language, timeZone);
	const [organisation, partner] = party_identification;
	const line = (key: string, value: string | null | undefined) =>
		value ? [`${t(`consents:receipt.${key}`)}: ${value}`] : [];
	const { purpose, privacy_notice: notice } = pii_processing;
	return [
		t(`consents:receipt.title-${event.event_state}`),
		'',
		pii_processing.consent_text,
		'',
		...line('at', dateTime(event.event_time)),
		...line('by', t(`consents:receipt.${event.entity}`, { name: event.entity_name ?? '' }).trim()),
		...line(
			'organisation',
			list([organisation?.party_name, organisation?.party_address].filter((x) => !!x) as string[])
		),
		...line('partner', partner?.party_name),
		...line('purpose', purpose?.label),
		...line('notice', notice && `${notice.version} (${notice.url})`),
		...line('consequence', pii_processing.withdrawal_consequence),
		...line('withdrawal', pii_processing.withdrawal_method),
		...line('evidence', event.evidence && `${event.evidence.type}, SHA-256 ${event.evidence.sha256}`),
		...line('id', header.receipt_id),
		'',
		`${t('consents:receipt.fields')}:`,
		...pii_processing.pii_information.map(({ label, code }) => `- ${label} (${code})`),
		''
	].join('\n');
}
