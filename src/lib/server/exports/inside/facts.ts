// The facts of GDPR Art. 15(1) about one category: why, on what ground, which data, who received it, how long, from where.
import {
	fieldsOf,
	originOf,
	partnerOf,
	purposeOf,
	recipientsOf,
	retentionOf,
	storageOf
} from '../../organisation/lookup.ts';
import type { Category, Partner } from '../../organisation/organisation.ts';
import { html, type Html } from './html.ts';
import type { View } from './view.ts';

type Letter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h';

/** A fact with the letter of the law that asks for it, where that law applies. */
export function fact({ ctx, translation }: View, term: string, letter: Letter | '2', value: Html): Html {
	const gdpr = ctx.organisation.requests.regimes.includes('gdpr');
	const article = letter === '2' ? '15(2)' : `15(1)(${letter})`;
	const mark = gdpr ? html` <small>${translation.t('viewer:article', { article })}</small>` : '';
	return html`<div>
		<dt>${term}${mark}</dt>
		<dd>${value}</dd>
	</div>`;
}

const items = (lines: readonly Html[]): Html =>
	lines.length === 1
		? (lines[0] as Html)
		: html`<ul>
				${lines.map((line) => html`<li>${line}</li>`)}
			</ul>`;

function purposes({ ctx, translation: { t, text } }: View, category: Category): Html {
	return items(
		category.purposes
			.map((id) => purposeOf(ctx.organisation, id))
			.filter((purpose) => purpose !== undefined)
			.map(
				({ label, about, basis, refusable, whenRefused }) =>
					html`<strong>${text(label)}</strong> (${t(`viewer:basis.${basis}`)}).
						${text(about)}${refusable ? html` ${t('viewer:fact.refusable')} ${text(whenRefused)}` : ''}`
			)
	);
}

/** Who it is: a name, where it sits, what it is to the organisation. */
function partnerText({ translation: { t, country } }: View, partner: Partner): Html {
	return html`<bdi>${partner.name}</bdi>, ${country(partner.country)} (${t(`partners:kind.${partner.kind}`)})`;
}

/** Whoever received something, by name and dates (CJEU C-154/21), and who else may. */
function recipients(view: View, category: Category): Html {
	const { ctx, translation, flows, person } = view;
	const { t, number, date } = translation;
	const received = flows.filter((flow) => flow.category === category.id);
	const roles = person ? [person.role] : ctx.organisation.roles.map(({ id }) => id);
	const may = new Set(roles.flatMap((role) => recipientsOf(ctx.organisation, category, role)));
	for (const { partner } of received) may.delete(partnerOf(ctx.organisation, partner) as Partner);
	const got = received.map(({ partner, disclosures, firstAt, lastAt }) => {
		const described = partnerOf(ctx.organisation, partner);
		const when = {
			count: disclosures,
			number: number(disclosures),
			first: date(firstAt),
			last: date(lastAt)
		};
		const told =
			disclosures === 1
				? t('viewer:fact.received-once', { date: when.last })
				: t('viewer:fact.received', when);
		return html`${described ? partnerText(view, described) : partner}: ${told}`;
	});
	const others = [...may].map((partner) => partnerText(view, partner));
	return html`${got.length ? items(got) : html`<p>${t('viewer:fact.nobody')}</p>`}${
		others.length
			? html`<p>${t('viewer:fact.others')}</p>
					${items(others)}`
			: ''
	}`;
}

function retention({ ctx, translation: { t, text } }: View, category: Category): Html {
	const rule = retentionOf(ctx.organisation, category.retention);
	const kept = rule?.afterLeaving;
	return html`${text(rule?.label)}${kept ? html`<p>${t('viewer:fact.after-leaving', { what: text(kept.what), law: text(kept.law) })}</p>` : ''}`;
}

/** Which rights there are depends on the ground (GDPR Art. 7(3), 16 to 18, 20, 21). */
function rights({ ctx, translation: { t, list } }: View, category: Category): Html {
	const bases = new Set(category.purposes.map((id) => purposeOf(ctx.organisation, id)?.basis));
	const names = [
		'rectification',
		'erasure',
		'restriction',
		...(bases.has('legitimate-interests') || bases.has('public-task') ? ['objection'] : []),
		...(bases.has('consent') ? ['withdrawal'] : []),
		...(bases.has('consent') || bases.has('contract') ? ['portability'] : [])
	];
	return html`${list(names.map((name) => t(`viewer:right.${name}.name`)))}.
		<a href="../index.html#rights">${t('viewer:fact.how')}</a>`;
}

export function factsOf(view: View, category: Category): Html {
	const { ctx, translation, person } = view;
	const { t, text, list, country } = translation;
	const storage = storageOf(ctx.organisation, category.storage);
	const fields = person ? fieldsOf(category, person.role) : category.fields;
	const labels = (fields.length ? fields : category.fields).map(({ label }) => text(label));
	const origins = category.origins.map((id) => text(originOf(ctx.organisation, id)?.label));
	return html`<section id="facts">
		<h2>${t('viewer:fact.summary')}</h2>
		<dl>
			${[
				fact(view, t('viewer:fact.purposes'), 'a', purposes(view, category)),
				fact(
					view,
					t('viewer:fact.categories'),
					'b',
					html`${t(`viewer:group.${category.group}`)}: ${list(labels)}`
				),
				fact(view, t('viewer:fact.recipients'), 'c', recipients(view, category)),
				fact(view, t('viewer:fact.retention'), 'd', retention(view, category)),
				fact(view, t('viewer:fact.rights'), 'e', rights(view, category)),
				fact(
					view,
					t('viewer:fact.complaint'),
					'f',
					html`<a href="../index.html#complaint">${t('viewer:fact.whom')}</a>`
				),
				fact(view, t('viewer:fact.origin'), 'g', html`${list(origins)}`),
				fact(view, t('viewer:fact.decisions'), 'h', decisions(view, category)),
				fact(
					view,
					t('viewer:fact.storage'),
					'2',
					html`${storage ? `${storage.provider}, ${country(storage.country)}` : ''}`
				)
			]}
		</dl>
	</section>`;
}

/** Decisions by machine alone, with what follows from them (GDPR Art. 22). */
function decisions({ ctx, translation: { t, text } }: View, category: Category): Html {
	const automated = category.purposes
		.map((id) => purposeOf(ctx.organisation, id))
		.filter((purpose) => purpose?.automatedDecision !== undefined);
	if (automated.length === 0) return html`${t('viewer:fact.no-decisions')}`;
	return items(
		automated.map(
			(purpose) => html`<strong>${text(purpose?.label)}</strong>: ${text(purpose?.automatedDecision)}`
		)
	);
}
