// Where the shapes of a flow drawing stand: two columns of nodes with bands between them, as numbers for an SVG.
import { sankey, type SankeyLink, type SankeyNode } from 'd3-sankey';

export interface FlowNode {
	id: string;
	label: string;
	/** `start`: where the data comes from; `end`: who received it. */
	side: 'start' | 'end';
	/** Nodes of one group share a colour; the order of first appearance gives it. */
	group?: string | undefined;
}

export interface FlowLink {
	from: string;
	to: string;
	/** Above 0: how wide the band is. */
	value: number;
	/** The band in words: "Contact details to Amazon Web Services, 12 times". */
	label: string;
}

export interface FlowData {
	nodes: readonly FlowNode[];
	links: readonly FlowLink[];
}

interface Shape {
	width: number;
	/** Space left free on both sides for the labels outside; 0 writes them over the bands. */
	margin: number;
	/** The least distance between the middles of two nodes, so that labels never touch. */
	gap: number;
	/** Letters that fit into one line of a label. */
	line: number;
	direction: 'ltr' | 'rtl';
}

type Node = SankeyNode<FlowNode, FlowLink>;
type Link = SankeyLink<FlowNode, FlowLink>;

const bar = 10;
const series = 8;

/** Lays a flow out for one width. Nodes without a link are left out; the drawing is as high as its labels need. */
export function layOutFlow({ nodes, links }: FlowData, shape: Shape) {
	const known = new Set(nodes.map((node) => node.id));
	const drawn = links.filter((link) => link.value > 0 && known.has(link.from) && known.has(link.to));
	const used = nodes.filter((node) => drawn.some((link) => link.from === node.id || link.to === node.id));
	if (drawn.length === 0) return undefined;

	const rows = Math.max(
		...(['start', 'end'] as const).map((side) => used.filter((node) => node.side === side).length)
	);
	const height = Math.max(160, Math.round(rows * shape.gap * 1.7));
	const groups = [...new Set(used.map((node) => node.group ?? node.id))];
	const graph = sankey<FlowNode, FlowLink>()
		.nodeId((node) => node.id)
		.nodeAlign((node) => (node.side === 'start' ? 0 : 1))
		.nodeWidth(bar)
		.nodePadding(shape.gap)
		.extent([
			[shape.margin, shape.gap / 2],
			[shape.width - shape.margin, height - shape.gap / 2]
		])({
		nodes: used.map((node) => ({ ...node })),
		links: drawn.map((link) => ({ ...link, source: link.from, target: link.to }))
	});

	const colour = (node: Node) => 1 + (groups.indexOf(node.group ?? node.id) % series);
	return {
		height,
		nodes: graph.nodes.map((node) => placeNode(node, shape, colour(node))),
		sources: graph.nodes
			.filter((node) => node.side === 'start')
			.map((node) => ({
				id: node.id,
				colour: colour(node),
				bands: (node.sourceLinks ?? []).map((link) => placeBand(link, shape))
			}))
	};
}

const mirrored = (x: number, shape: Shape) => (shape.direction === 'rtl' ? shape.width - x : x);

function placeNode(node: Node, shape: Shape, colour: number) {
	const { x0 = 0, x1 = 0, y0 = 0, y1 = 0 } = node;
	const height = Math.max(3, y1 - y0);
	const outside = shape.margin > 0;
	const towardsStart = outside === (node.side === 'start');
	return {
		id: node.id,
		side: node.side,
		colour,
		x: Math.min(mirrored(x0, shape), mirrored(x1, shape)),
		y: (y0 + y1 - height) / 2,
		width: x1 - x0,
		height,
		label: {
			full: node.label,
			lines: breakLines(node.label, shape.line),
			x: mirrored(towardsStart ? x0 - 10 : x1 + 10, shape),
			y: (y0 + y1) / 2,
			anchor: towardsStart ? ('end' as const) : ('start' as const)
		}
	};
}

function placeBand(link: Link, shape: Shape) {
	const { source, target, y0 = 0, y1 = 0, width = 1 } = link;
	const [from, to] = [mirrored((source as Node).x1 ?? 0, shape), mirrored((target as Node).x0 ?? 0, shape)];
	const middle = (from + to) / 2;
	return {
		id: `${link.from} ${link.to}`,
		label: link.label,
		width: Math.max(1.5, width).toFixed(1),
		path: `M${from.toFixed(1)} ${y0.toFixed(1)}C${middle.toFixed(1)} ${y0.toFixed(1)} ${middle.toFixed(1)} ${y1.toFixed(1)} ${to.toFixed(1)} ${y1.toFixed(1)}`
	};
}

/** Two lines at most; a letter of Chinese, Japanese or Korean takes the room of nearly two Latin ones. */
export function breakLines(label: string, room: number): string[] {
	const breadth = (text: string) =>
		[...text].reduce(
			(sum, letter) => sum + (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af]/u.test(letter) ? 1.75 : 1),
			0
		);
	const lines = [''];
	for (const word of label.split(/\s+/u)) {
		const last = lines.at(-1) ?? '';
		if (last === '') lines[lines.length - 1] = word;
		else if (breadth(`${last} ${word}`) <= room) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	const [first = '', ...others] = lines;
	return others.length === 0
		? [cut(first, room, breadth)]
		: [cut(first, room, breadth), cut(others.join(' '), room, breadth)];
}

function cut(text: string, room: number, breadth: (text: string) => number): string {
	if (breadth(text) <= room + 1) return text;
	const letters = [...text];
	while (letters.length > 1 && breadth(letters.join('')) > room) letters.pop();
	return `${letters.join('').trimEnd()}…`;
}
