// What stands in manifest.json: every file with its hash, every part with what was expected and what is there.
import { translationIn } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import { instant } from '../../platform/clock.ts';
import type { FileEntry, Job } from '../job.ts';
import type { Collected } from './collecting.ts';

/** `typ` of the signature that lies beside the manifest. */
export const manifestType = 'candor-manifest+jws';

export const isComplete = (parts: readonly Collected[]): boolean =>
	parts.every(({ reasons }) => Object.keys(reasons).length === 0);

/** Of the whole part, whichever volumes it lies in. */
const ofPart = ({ part, expected, included, outside, leftOut, reasons }: Collected) => ({
	path: part.path,
	category: part.category,
	source: part.source,
	expected: expected ?? null,
	included,
	...(outside > 0 && { outside }),
	...(leftOut.size > 0 && { leftOut: Object.fromEntries(leftOut) }),
	complete: Object.keys(reasons).length === 0,
	...(Object.keys(reasons).length > 0 && { missing: reasons })
});

/** One volume's. `complete` is of the whole export; `parts` too, so that one volume tells what all of them hold. */
export function manifestOf(
	ctx: Context,
	job: Job,
	volume: { number: number; last: number; files: readonly FileEntry[]; parts: readonly Collected[] }
) {
	const { organisation } = ctx.organisation;
	const translation = translationIn(job.language, job.timeZone);
	const { span = {} } = job;
	return {
		format: 'candor-export/1',
		export: job.exportId,
		person: job.personId,
		organisation: {
			id: organisation.id,
			name: translation.text(organisation.name),
			country: organisation.country
		},
		created: instant(ctx.clock.now()),
		language: job.language,
		law: ctx.organisation.requests.regimes,
		volume: { number: volume.number, last: volume.last },
		...(job.categories?.length && { categories: job.categories }),
		...((span.since ?? span.until) && { span }),
		...(job.completes && { completes: job.completes }),
		complete: isComplete(volume.parts),
		files: volume.files,
		parts: volume.parts.filter(({ part }) => !part.series).map(ofPart)
	};
}
