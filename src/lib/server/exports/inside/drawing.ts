// The map of the page on sharing, as it is drawn there, written for a page without components.
import { flowsOf } from '../../../charts/bands.ts';
import { layOutFlow, type FlowData } from '../../../charts/flow.ts';
import { categoryOf, partnerOf } from '../../organisation/lookup.ts';
import { html, type Html } from './html.ts';
import type { View } from './view.ts';

type Drawing = NonNullable<ReturnType<typeof layOutFlow>>;

/** As wide as a page, and as a phone. */
const shapes = {
	wide: { width: 760, margin: 190, gap: 34, line: 25 },
	tall: { width: 340, margin: 0, gap: 42, line: 17 }
};

function svg(view: View, name: keyof typeof shapes, drawing: Drawing, transfers: number): Html {
	const { t, number } = view.translation;
	const bands = drawing.sources.map(
		({ colour, bands }) =>
			html`<g class="series-${colour}"
				>${bands.map(({ path, width, label }) => html`<path d="${path}" stroke-width="${width}"><title>${label}</title></path>`)}</g
			>`
	);
	return html`<svg
		class="${name}"
		viewBox="0 0 ${shapes[name].width} ${drawing.height}"
		role="img"
		aria-labelledby="${name}-title ${name}-text"
	>
		<title id="${name}-title">${t('sharing:map.name')}</title>
		<desc id="${name}-text">
			${t('sharing:map.description', { count: transfers, number: number(transfers) })}
		</desc>
		${bands}${drawing.nodes.map(node)}
	</svg>`;
}

function node({ side, colour, x, y, width, height, label }: Drawing['nodes'][number]): Html {
	const first = `${0.35 - (label.lines.length - 1) * 0.6}em`;
	const lines = label.lines.map(
		(line, at) => html`<tspan x="${label.x}" dy="${at ? '1.2em' : first}">${line}</tspan>`
	);
	return html`<g class="${side} series-${colour}"
		><title>${label.full}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" /><text
			x="${label.x}"
			y="${label.y}"
			text-anchor="${label.anchor}"
			>${lines}</text
		></g
	>`;
}

function table({ translation: { t, number } }: View, { nodes, links }: FlowData): Html {
	const names = new Map(nodes.map(({ id, label }) => [id, label]));
	const [start, end, value] = [t('sharing:map.start'), t('sharing:map.end'), t('sharing:map.value')];
	const rows = links.map(
		({ from, to, value: times }) =>
			html`<tr>
				<th scope="row">${names.get(from)}</th>
				<td><bdi>${names.get(to)}</bdi></td>
				<td class="number">${number(times)}</td>
			</tr>`
	);
	return html`<div class="scroll" tabindex="0" role="region" aria-label="${t('sharing:map.caption')}">
		<table class="few">
			<caption>
				${t('sharing:map.caption')}
			</caption>
			<thead>
				<tr>
					<th scope="col">${start}</th>
					<th scope="col">${end}</th>
					<th scope="col" class="number">${value}</th>
				</tr>
			</thead>
			<tbody>
				${rows}
			</tbody>
		</table>
	</div>`;
}

/** Nothing where nothing was passed on: that is said by the facts of each category. */
export function mapOf(view: View): Html {
	const { ctx, flows, translation } = view;
	const { t, text, number, direction } = translation;
	const { drawing, table: all } = flowsOf(
		flows.map(({ category, partner, disclosures }) => ({ from: category, to: partner, value: disclosures })),
		{
			from: (id) => text(categoryOf(ctx.organisation, id)?.label) || id,
			to: (id) => partnerOf(ctx.organisation, id)?.name ?? id,
			further: (count) => t('sharing:map.further', { count, number: number(count) }),
			band: (category, partner, count) =>
				t('sharing:map.link', { category, partner, count, number: number(count) })
		}
	);
	const transfers = flows.reduce((sum, { disclosures }) => sum + disclosures, 0);
	const drawn = (name: keyof typeof shapes) => {
		const laid = layOutFlow(drawing, { ...shapes[name], direction });
		return laid ? svg(view, name, laid, transfers) : html``;
	};
	if (transfers === 0) return html``;
	return html`<section id="map">
		<h2>${t('sharing:map.title')}</h2>
		<p class="soft">${t('viewer:map')}</p>
		<div class="heads" aria-hidden="true">
			<span>${t('sharing:map.start')}</span><span>${t('sharing:map.end')}</span>
		</div>
		${drawn('wide')}${drawn('tall')}${table(view, all)}
	</section>`;
}
