// What a volume holds beside the data itself: schemas, terms for other programs, and the pages that a person reads.
import { find } from '../../accounts/people.ts';
import type { Context } from '../../context.ts';
import { translationIn } from '../../../i18n/catalogues.ts';
import type { Flow, Part } from '../../personal-data-contract.ts';
import type { Content, Job, ViewedVolume } from '../job.ts';
import { indexPage } from './index-page.ts';
import { jsonLdOf } from './json-ld.ts';
import { schemaOf } from './json-schema.ts';
import { partPages } from './part-pages.ts';
import { pictureNames } from './pictures.ts';
import { isEmpty, namedParts, type View } from './view.ts';

export interface InsideFile {
	path: string;
	content: Content;
}

async function* once(text: string): AsyncGenerator<string> {
	yield text;
}

const json = (path: string, value: unknown): InsideFile => ({
	path,
	content: once(`${JSON.stringify(value, null, '\t')}\n`)
});

/** Of the description's categories as they are called; what the portal itself keeps may be called the same. */
function schemaPath({ path, series }: Part): string {
	const name = series ?? path;
	return `schemas/${name.startsWith('data/') ? name.slice('data/'.length) : `portal/${name}`}.schema.json`;
}

/** One of each form. */
function forms(parts: readonly Part[]): Map<string, Part> {
	const byPath = new Map<string, Part>();
	for (const part of parts) if (!byPath.has(schemaPath(part))) byPath.set(schemaPath(part), part);
	return byPath;
}

async function flowsOf(ctx: Context, personId: string): Promise<Flow[]> {
	const flows: Flow[] = [];
	for (const contract of ctx.contracts) flows.push(...((await contract.flows?.(ctx, personId)) ?? []));
	return flows;
}

async function viewOf(ctx: Context, job: Job, volume: ViewedVolume): Promise<View> {
	const translation = translationIn(job.language, job.timeZone);
	const person = await find(ctx, job.personId);
	const flows = await flowsOf(ctx, job.personId);
	return { ctx, job, organisation: ctx.organisation, translation, volume, person, flows, root: '../' };
}

/**
 * Every file of a volume but those of its parts and its manifest, in the order of the ZIP. Each is read to its end before the
 * next is asked for; at most one page of rows is held at a time.
 */
export async function* pagesOf(ctx: Context, job: Job, volume: ViewedVolume): AsyncGenerator<InsideFile> {
	const view = await viewOf(ctx, job, volume);
	const known = forms(volume.parts.map(({ part }) => part));
	for (const [path, part] of known) yield json(path, schemaOf(ctx, part, view.translation));
	yield json('context.jsonld', jsonLdOf(ctx, job.personId, [...known.values()], view.flows));
	for (const viewed of namedParts(view).filter((viewed) => !isEmpty(viewed)))
		for await (const { path, text } of partPages({ ...view, pictures: pictureNames(viewed) }, viewed))
			yield { path, content: once(text) };
	yield { path: 'index.html', content: once(indexPage(view)) };
}
