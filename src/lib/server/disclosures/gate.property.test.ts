// Whatever the state of a person and the description: what the gate lets through is covered by all that must cover it.
import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadOrganisation } from '../organisation/load.ts';
import { categoryOf, fieldsGiven, purposeOf } from '../organisation/lookup.ts';
import type { Organisation, Partner } from '../organisation/organisation.ts';
import { decide, describe, type Asked } from './gate.ts';
import type { Standing } from './standing.ts';

const descriptions = ['examples/classting', 'examples/classerium'].map(
	(folder) => loadOrganisation(folder, { today: '2026-11-22' }) as Organisation
);
const key = createSecretKey(randomBytes(32));
const bases = ['consent', 'contract', 'legal-obligation', 'vital-interests', 'legitimate-interests'] as const;
const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);

const codesOf = (organisation: Organisation) =>
	organisation.categories.flatMap(({ id, fields }) => fields.map((field) => `${id}.${field.id}`));

/** A partner's own fields come often, or hardly anything would ever be released. */
const fieldsAsked = (organisation: Organisation, partner: Partner | undefined) =>
	fc.uniqueArray(
		fc.oneof(
			fc.constantFrom(...codesOf(organisation)),
			fc.constantFrom(
				...(partner?.fields ?? []).flatMap(({ category, field }) =>
					field
						? [`${category}.${field}`]
						: (categoryOf(organisation, category)?.fields ?? []).map(({ id }) => `${category}.${id}`)
				),
				'no.field'
			),
			fc.constantFrom('', 'nonsense', 'account.', '.name', 'account.name.name', '__proto__.constructor')
		),
		{ minLength: 1, maxLength: 6 }
	);

interface Case {
	organisation: Organisation;
	partner: Partner | undefined;
	asked: Asked;
	standing: Standing;
	agreed: { decision: 'granted' | 'withdrawn'; missing: string[] } | undefined;
}

const cases: fc.Arbitrary<Case> = fc
	.constantFrom(...descriptions)
	.chain((organisation) =>
		fc.record({
			organisation: fc.constant(organisation),
			partner: fc.oneof(
				{ weight: 9, arbitrary: fc.constantFrom(...organisation.partners) },
				{ weight: 1, arbitrary: fc.constant(undefined) }
			)
		})
	)
	.chain(({ organisation, partner }) =>
		fc
			.record({
				fields: fieldsAsked(organisation, partner),
				purpose: fc.oneof(
					{ weight: 5, arbitrary: fc.constant(partner?.purpose ?? 'x') },
					{ weight: 1, arbitrary: fc.constantFrom(...ids(organisation.purposes), 'no-purpose') }
				),
				basis: fc.option(fc.constantFrom(...bases), { nil: undefined }),
				reference: fc.option(fc.constantFrom('', ' ', 'case 7'), { nil: undefined }),
				role: fc.constantFrom(...ids(organisation.roles)),
				state: fc.constantFrom('active', 'active', 'active', 'awaiting-consent', 'leaving', 'erasing'),
				pausedAt: fc.constantFrom(null, null, null, '2026-11-01T00:00:00.000Z'),
				restricted: fc.subarray(codesOf(organisation)),
				isCalm: fc.boolean(),
				objected: fc.subarray(ids(organisation.purposes), { maxLength: 2 }),
				agreed: fc.option(
					fc.record({
						decision: fc.constantFrom('granted' as const, 'granted' as const, 'withdrawn' as const),
						missing: fc.subarray(codesOf(organisation), { maxLength: 4 })
					}),
					{ nil: undefined }
				)
			})
			.map(
				({
					fields,
					purpose,
					basis,
					reference,
					role,
					state,
					pausedAt,
					restricted,
					isCalm,
					objected,
					agreed
				}) => ({
					organisation,
					partner,
					agreed,
					asked: { partner: partner?.id ?? 'nobody', purpose, fields, basis, reference },
					standing: {
						personId: 'p',
						key,
						role,
						state: state as Standing['state'],
						pausedAt,
						restricted: new Set(isCalm ? [] : restricted),
						objected: new Set(objected),
						agreement: (id: string) =>
							agreed && id === partner?.id
								? { decision: agreed.decision, version: 'v', missing: new Set(agreed.missing) }
								: undefined
					}
				})
			)
	);

/** Said once more, in other words than the gate's own. */
function mayGo({ organisation, partner, asked, standing, agreed }: Case, code: string): boolean {
	const [categoryId = '', fieldId, ...more] = code.split('.');
	const category = categoryOf(organisation, categoryId);
	const described =
		!more.length &&
		partner !== undefined &&
		(partner.roles?.includes(standing.role) ?? true) &&
		category !== undefined &&
		fieldsGiven(partner, category, standing.role).some(({ id }) => id === fieldId);
	const registered =
		purposeOf(organisation, asked.purpose) !== undefined && partner?.purpose === asked.purpose;
	const basis = asked.basis ?? partner?.basis;
	const demanded = basis === 'legal-obligation' || basis === 'vital-interests';
	const grounded = demanded
		? Boolean(asked.reference?.trim()) && !partner?.consent
		: basis === partner?.basis && (partner?.kind !== 'research' || Boolean(asked.reference?.trim()));
	const willing =
		demanded ||
		(standing.state === 'active' && standing.pausedAt === null && !standing.objected.has(asked.purpose));
	const agreedTo = !partner?.consent || (agreed?.decision === 'granted' && !agreed.missing.includes(code));
	return described && registered && grounded && willing && agreedTo && !standing.restricted.has(code);
}

test('what goes out is described, for a registered purpose, on a ground, agreed to and not contested; all else has a code', () => {
	let released = 0;
	fc.assert(
		fc.property(cases, (one) => {
			const judged = decide(one.organisation, one.standing, one.asked, '2026-11-22');
			released += judged.released.length;
			for (const field of judged.released) expect(mayGo(one, field), field).toBe(true);
			expect([...judged.released, ...judged.refused.map(({ field }) => field)].sort()).toEqual(
				[...new Set(one.asked.fields)].sort()
			);
			for (const { code } of judged.refused) expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
			if (one.partner?.consent && judged.released.length) expect(judged.consentVersion).toBe('v');
		}),
		{ numRuns: 3_000 }
	);
	// A gate that is always shut would pass the above.
	expect(released).toBeGreaterThan(50);
});

test('and the gate holds back nothing that may go, unless advertising or research is asked for on another ground', () => {
	fc.assert(
		fc.property(cases, (one) => {
			const { basis = one.partner?.basis } = one.asked;
			fc.pre(basis === one.partner?.basis);
			const { refused } = decide(one.organisation, one.standing, one.asked, '2026-11-22');
			for (const { field, code } of refused) expect(mayGo(one, field), `${field} ${code}`).toBe(false);
		}),
		{ numRuns: 1_000 }
	);
});

test('what is told afterwards never outgrows what the description lets anybody have', () => {
	fc.assert(
		fc.property(cases, (one) => {
			const open = { ...one.standing, restricted: new Set<string>(), objected: new Set<string>() };
			const willing = {
				...one,
				standing: { ...open, state: 'active' as const, pausedAt: null },
				agreed: { decision: 'granted' as const, missing: [] }
			};
			for (const field of describe(one.organisation, one.standing, one.asked).released)
				expect(mayGo(willing, field), field).toBe(true);
		}),
		{ numRuns: 500 }
	);
});
