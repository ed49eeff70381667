// What a volume holds beside the data itself: schemas, and the page that a person reads.
import type { Context } from '../../context.ts';
import type { Part, Row } from '../../personal-data-contract.ts';
import type { Content, Job, ViewedPart, ViewedVolume } from '../job.ts';
import { schemaOf } from './json-schema.ts';
import { viewer } from './viewer.ts';

/** How many rows of a part the readable page shows; the files beside it hold all. */
const shownRows = 100;

async function* once(text: string): AsyncGenerator<string> {
	yield text;
}

/** Of the description's categories as they are called; what the portal itself keeps may be called the same. */
function schemaPath({ path, series }: Part): string {
	const name = series ?? path;
	return `schemas/${name.startsWith('data/') ? name.slice('data/'.length) : `portal/${name}`}.schema.json`;
}

async function firstRows({ rows }: ViewedPart): Promise<Row[]> {
	const first: Row[] = [];
	for await (const page of rows()) {
		first.push(...page.slice(0, shownRows - first.length));
		if (first.length === shownRows) break;
	}
	return first;
}

/**
 * Every file of a volume but those of its parts and its manifest, in the order of the ZIP. Each is read to its end before the
 * next is asked for.
 */
export async function* pagesOf(
	ctx: Context,
	job: Job,
	volume: ViewedVolume
): AsyncGenerator<{ path: string; content: Content }> {
	const schemas = new Set<string>();
	for (const { part } of volume.parts) {
		const path = schemaPath(part);
		if (schemas.has(path)) continue;
		schemas.add(path);
		yield { path, content: once(`${JSON.stringify(schemaOf(ctx, part, job.language), null, '\t')}\n`) };
	}
	const shown = [];
	for (const viewed of volume.parts)
		if (!viewed.part.series) shown.push({ ...viewed, shown: await firstRows(viewed) });
	yield { path: 'index.html', content: once(viewer(ctx, job, shown)) };
}
