// Promise: a field goes out only where the description, the purpose, the ground and the person all let it; else a code says why.
import { categoryOf, fieldsGiven, fieldsOf, partnersOf, purposeOf } from '../organisation/lookup.ts';
import { receivesFrom } from '../organisation/in-effect.ts';
import type { Organisation, Partner } from '../organisation/organisation.ts';
import type { Standing } from './standing.ts';

/** What somebody asks to pass on. */
export interface Asked {
	partner: string;
	purpose: string;
	/** Codes `category.field`. */
	fields: readonly string[];
	basis?: Partner['basis'] | undefined;
	/** The case number of a legal demand, the agreement behind a piece of research, or the organisation's own note. */
	reference?: string | undefined;
}

/** Of the description: what nobody may get, or not for this. */
type Uncovered =
	| 'partner-unknown'
	| 'purpose-unknown'
	| 'purpose-not-of-partner'
	| 'basis-not-of-partner'
	| 'reference-required'
	| 'agreement-required'
	| 'field-unknown'
	| 'field-not-covered'
	| 'field-not-in-effect';
/** For the person's sake. */
type Protected =
	| 'person-paused'
	| 'person-leaving'
	| 'awaiting-consent'
	| 'account-locked'
	| 'sharing-not-agreed'
	| 'purpose-objected'
	| 'consent-missing'
	| 'consent-withdrawn'
	| 'field-not-agreed'
	| 'field-restricted';

export type Refusal = Uncovered | Protected;

/** Why one field may not go. */
export interface FieldRefusal {
	field: string;
	code: Refusal;
}

export interface Judged {
	partner: Partner;
	basis: Partner['basis'];
	released: string[];
	refused: FieldRefusal[];
	/** The list that the person agreed to, where their agreement is the ground. */
	consentVersion: string | null;
}

/** What a law or a life demands outweighs what the person decided, but never that a value is contested (GDPR Art. 18, 21). */
const demands: ReadonlySet<string> = new Set(['legal-obligation', 'vital-interests']);
const isDemand = (basis: string): boolean => demands.has(basis);
const isForeign: ReadonlySet<Partner['kind']> = new Set(['advertising', 'research']);

/**
 * On the ground that is described. A law may demand data from whoever works for the organisation, too; a partner whom the
 * person's own agreement lets in, and anybody's advertising or research, has no other ground.
 */
function fits({ basis: described, consent, kind }: Partner, basis: Partner['basis']): boolean {
	return basis === described || (isDemand(basis) && !consent && !isForeign.has(kind));
}

function uncovered(organisation: Organisation, partner: Partner | undefined, asked: Asked) {
	if (!partner) return 'partner-unknown';
	if (!purposeOf(organisation, asked.purpose)) return 'purpose-unknown';
	if (partner.purpose !== asked.purpose) return 'purpose-not-of-partner';
	const { basis = partner.basis, reference } = asked;
	if (!fits(partner, basis)) return 'basis-not-of-partner';
	if (isDemand(basis) && !reference?.trim()) return 'reference-required';
	// CT17: research names what the school or the teacher agreed to.
	if (partner.kind === 'research' && !reference?.trim()) return 'agreement-required';
	return undefined;
}

/** Of the person as a whole; of what a law or a life demands nothing. */
function resting({ state, pausedAt }: Standing): Protected | undefined {
	if (state === 'awaiting-consent') return state;
	if (state === 'locked') return 'account-locked';
	if (state !== 'active') return 'person-leaving';
	return pausedAt === null ? undefined : 'person-paused';
}

/** A demand outweighs their will; of a child who waits, or of whom somebody reported, by an authority alone. */
function isOutweighed(partner: Partner, { state }: Standing, { basis = partner.basis }: Asked): boolean {
	const barred = state === 'awaiting-consent' || state === 'locked';
	return isDemand(basis) && (!barred || partner.kind === 'authority');
}

function againstTheirWill(partner: Partner, standing: Standing): Protected | undefined {
	const rest = resting(standing);
	if (rest) return rest;
	if (standing.objected.has(partner.purpose)) return 'purpose-objected';
	if (standing.keptIn && partner.kind !== 'processor') return 'sharing-not-agreed';
	if (!partner.consent) return undefined;
	const agreement = standing.agreement(partner.id);
	if (!agreement) return 'consent-missing';
	return agreement.decision === 'withdrawn' ? 'consent-withdrawn' : undefined;
}

/** As the description has it: the field is there for the role, and on the partner's list. */
function fieldUncovered(
	organisation: Organisation,
	role: string,
	partner: Partner,
	code: string
): Refusal | undefined {
	const [categoryId, fieldId] = code.split('.');
	const category = categoryOf(organisation, categoryId ?? '');
	const field = category && fieldsOf(category, role).find(({ id }) => id === fieldId);
	if (!category || !field || code !== `${categoryId}.${fieldId}`) return 'field-unknown';
	return fieldsGiven(partner, category, role).includes(field) ? undefined : 'field-not-covered';
}

function judge(
	organisation: Organisation,
	standing: Standing,
	asked: Asked,
	refusalOf: (partner: Partner, field: string) => Refusal | undefined
): Omit<Judged, 'partner'> & { partner: Partner | undefined } {
	const partner = partnersOf(organisation, standing.role).find(({ id }) => id === asked.partner);
	const fields = [...new Set(asked.fields)].sort();
	const whole = uncovered(organisation, partner, asked);
	const released: string[] = [];
	const refused: FieldRefusal[] = [];
	for (const field of fields) {
		const code = whole ?? (partner && refusalOf(partner, field));
		if (code) refused.push({ field, code });
		else released.push(field);
	}
	const basis = asked.basis ?? partner?.basis ?? 'consent';
	return { partner, basis, released, refused, consentVersion: null };
}

/**
 * Which of the fields may go out now, for each of the others a code: `partner-unknown`, `purpose-unknown`,
 * `purpose-not-of-partner`, `basis-not-of-partner`, `reference-required` (legal demand), `agreement-required` (research),
 * `field-unknown`, `field-not-covered`, `field-not-in-effect` (a policy has announced it, for a day that is still to come); and for the person's sake `person-paused`, `person-leaving`, `awaiting-consent`,
 * `account-locked` (a report about a child), `sharing-not-agreed` (a child's guardian agreed to the use alone), `purpose-objected`, `consent-missing`, `consent-withdrawn`, `field-not-agreed` (on the list since they agreed),
 * `field-restricted` (under correction).
 */
export function decide(organisation: Organisation, standing: Standing, asked: Asked, today: string) {
	const agreement = standing.agreement(asked.partner);
	const judged = judge(organisation, standing, asked, (partner, field) => {
		const code = fieldUncovered(organisation, standing.role, partner, field);
		if (code) return code;
		if (receivesFrom(organisation, partner, field) > today) return 'field-not-in-effect';
		const will = isOutweighed(partner, standing, asked) ? undefined : againstTheirWill(partner, standing);
		if (will) return will;
		if (partner.consent && agreement?.missing.has(field)) return 'field-not-agreed';
		return standing.restricted.has(field) ? 'field-restricted' : undefined;
	});
	const byConsent = judged.partner?.consent && agreement?.decision === 'granted';
	return { ...judged, consentVersion: byConsent ? agreement.version : null };
}

/** The same for what has happened already: what the person decided cannot undo it, and that it happened is not kept from them. */
export const describe = (organisation: Organisation, standing: Standing, asked: Asked) =>
	judge(organisation, standing, asked, (partner, field) =>
		fieldUncovered(organisation, standing.role, partner, field)
	);
