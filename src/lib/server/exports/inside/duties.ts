// What belongs to no single category: the rights and how they are used, where to complain, and which countries data went to.
import { partnerOf, storageOf } from '../../organisation/lookup.ts';
import { html, type Html } from './html.ts';
import { fact } from './facts.ts';
import type { View } from './view.ts';

/** Where each right is used, in the portal. */
const rights = {
	access: '/export',
	rectification: '/profile',
	erasure: '/withdrawal',
	restriction: '/requests',
	objection: '/requests',
	withdrawal: '/consents',
	portability: '/export'
} as const;

/** GDPR Art. 15(1)(e). */
export function rightsOf({ ctx, translation: { t } }: View): Html {
	const line = ([name, page]: [string, string]) =>
		html`<div>
			<dt>${t(`viewer:right.${name}.name`)}</dt>
			<dd>${t(`viewer:right.${name}.text`)} <a href="${ctx.settings.origin}${page}" dir="ltr">${page}</a></dd>
		</div>`;
	return html`<section id="rights">
		<h2>${t('viewer:right.title')}</h2>
		<p class="soft">${t('viewer:right.lead', { address: ctx.settings.origin })}</p>
		<dl>${Object.entries(rights).map(line)}</dl>
	</section>`;
}

/** The bodies that help in the person's country; all of them where none is named for it (GDPR Art. 15(1)(f)). */
export function complaintOf({ ctx, translation: { t, text, list, country }, person }: View): Html {
	const { authorities, officer } = ctx.organisation.organisation;
	const near = authorities.filter(
		({ countries }) => person && (countries.includes(person.country) || countries.includes('*'))
	);
	const line = (contact: (typeof authorities)[number] | typeof officer, where: readonly string[] = []) => {
		const ways = [contact.email, contact.phone].filter((way) => way !== undefined);
		return html`<div>
			<dt>${text(contact.name)}</dt>
			<dd>
				${text(contact.role)}${where.length ? html` (${list(where.map(country))})` : ''}${ways.map((way) => html` <bdi dir="ltr">${way}</bdi>`)}${contact.url ? html` <a href="${contact.url}" dir="ltr">${contact.url}</a>` : ''}
			</dd>
		</div>`;
	};
	return html`<section id="complaint">
		<h2>${t('viewer:complaint.title')}</h2>
		<p class="soft">${t('viewer:complaint.lead')}</p>
		<dl>
			${line(officer)}${(near.length ? near : authorities).map((authority) =>
				line(
					authority,
					authority.countries.filter((code) => code !== '*')
				)
			)}
		</dl>
	</section>`;
}

/** Every country that data lies in or went to, with who is there (GDPR Art. 15(1)(c) and (2)); and decisions by machine. */
export function transfersOf(view: View): Html {
	const { ctx, flows, translation } = view;
	const { t, text, list, country } = translation;
	const { organisation } = ctx;
	const places = new Map<string, Set<string>>();
	const add = (code: string, who: string) => places.set(code, (places.get(code) ?? new Set()).add(who));
	for (const { storage } of organisation.categories) {
		const place = storageOf(organisation, storage);
		if (place) add(place.country, place.provider);
	}
	for (const { partner } of flows) {
		const described = partnerOf(organisation, partner);
		if (described) add(described.country, described.name);
	}
	// Seen from where the person lives: the organisation itself may be abroad.
	const home = view.person?.country ?? organisation.organisation.country;
	const abroad = [...places].filter(([code]) => code !== home);
	const lines = abroad.map(([code, who]) => html`<li>${country(code)}: ${list([...who])}</li>`);
	const automated = organisation.purposes.filter(({ automatedDecision }) => automatedDecision !== undefined);
	return html`<section id="transfers">
		<h2>${t('viewer:transfer.title')}</h2>
		<dl>
			${[
				fact(
					view,
					t('viewer:transfer.countries'),
					'2',
					lines.length
						? html`<p>${t('viewer:transfer.abroad', { country: country(home) })}</p>
								<ul>
									${lines}
								</ul>`
						: html`${t('viewer:transfer.none', { country: country(home) })}`
				),
				fact(
					view,
					t('viewer:fact.decisions'),
					'h',
					automated.length
						? html`<ul>
								${automated.map(({ label, automatedDecision }) => html`<li><strong>${text(label)}</strong>: ${text(automatedDecision)}</li>`)}
							</ul>`
						: html`${t('viewer:fact.no-decisions')}`
				)
			]}
		</dl>
	</section>`;
}
