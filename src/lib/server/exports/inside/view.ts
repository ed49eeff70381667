// What every page of a volume is written from, and what its parts and files are called.
import type { Translation } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import type { Flow, Part } from '../../personal-data-contract.ts';
import type { Job, ViewedPart, ViewedVolume, WholePart } from '../job.ts';
import { nameOfPart } from './names.ts';
import type { Reading } from './values.ts';

export interface View extends Reading {
	ctx: Context;
	/** What was asked for: all of it, or chosen kinds and times. */
	job: Job;
	translation: Translation;
	volume: ViewedVolume;
	/** Of the person, where there is one. */
	person: { role: string; country: string } | undefined;
	/** What went to whom so far, from the person's ledger. */
	flows: readonly Flow[];
}

/** Nothing is there in any volume, and nothing is missing either: a name among others says it. */
export const isEmpty = ({ whole, heldFiles }: ViewedPart): boolean =>
	whole.included === 0 && heldFiles.length === 0 && !isIncomplete(whole);

/** Whether something of the part is missing, in whichever volume; what was refused or came twice is not missed. */
export const isIncomplete = ({ reasons }: Pick<WholePart, 'reasons'>): boolean =>
	Object.keys(reasons).length > 0;

/** The parts of which there is something to say, in the order of the description, then what the portal itself keeps. */
export const namedParts = ({ ctx, volume }: View): ViewedPart[] => {
	const ids = ctx.organisation.categories.map(({ id }) => id);
	const place = ({ part }: ViewedPart) => (ids.indexOf(part.category) + ids.length + 1) % (ids.length + 1);
	return volume.parts.filter(({ part }) => !part.series).toSorted((one, other) => place(one) - place(other));
};

export const nameOf = ({ ctx, translation }: View, part: Part): string => nameOfPart(ctx, translation, part);

/** `pages/visits.html`, `pages/visits.2.html`; no code of a description has a dot, and the portal's own begin with one word more. */
export function pagePath({ path }: Part, number = 1): string {
	const name = path.startsWith('data/') ? path.slice('data/'.length) : `portal.${path.replaceAll('/', '.')}`;
	return `pages/${name}${number > 1 ? `.${number}` : ''}.html`;
}
