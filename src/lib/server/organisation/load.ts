// Promise: a folder becomes an organisation only when nothing in it is wrong; else everything wrong is told at once.
import { existsSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import { readDocument } from './document.ts';
import { checkIntroductions, missing } from './introductions.ts';
import type { Organisation } from './organisation.ts';
import { readPolicies } from './policies.ts';
import { inReadingOrder } from './problem.ts';
import type { Problem, Report } from './problem.ts';
import { descriptionSchema } from './schema.ts';
import type { Introduces } from './schema.ts';
import { checkShape } from './shape.ts';
import { checkDescription, knownIds } from './validation.ts';
import type { Draft } from './validation.ts';

const file = 'organisation.yaml';

/**
 * Reads a description folder: `organisation.yaml`, the logo and `policies/<version>/`. `today` is a day (`2026-11-22`), on
 * which a version of the policy must be in force. Never throws, whatever the bytes.
 */
export function loadOrganisation(
	folder: string,
	{ today }: { today: string }
): Organisation | { problems: Problem[] } {
	const located = readDocument(folder, file);
	const problems = [...located.problems];
	if (located.value === undefined) return { problems };

	const report: Report = (path, problem, write) => problems.push(located.at(path, problem, write));
	const written = knownIds(located.value);
	const shape = checkShape(descriptionSchema, located.value, report);
	const draft: Draft = 'whole' in shape ? shape.whole : shape.rest;
	// Ids are known by what was written and by what was meant, so that one slip is not told again at each reference.
	checkDescription(draft, knownIds(located.value, written), report);
	checkLogo(folder, draft, report);
	const read = readPolicies(folder, draft, { today, problems });
	// What is wrong in itself is told first: half a description would seem to lack half of what the versions introduce.
	if ('whole' in shape && !problems.length) checkIntroductions(shape.whole, read, { problems, report });

	if (problems.length || !('whole' in shape)) return { problems: inReadingOrder(problems) };
	const versions = read.map(({ policy }) => policy);
	return { ...shape.whole, policies: { ...shape.whole.policies, versions }, folder: resolve(folder) };
}

/** What no version of the policy introduces yet; undefined where the description's shape has problems, told by `loadOrganisation`. */
export function notIntroduced(folder: string): Introduces | undefined {
	const shape = checkShape(descriptionSchema, readDocument(folder, file).value, () => {});
	if (!('whole' in shape)) return undefined;
	const read = readPolicies(folder, shape.whole, { today: '9999-12-31', problems: [] });
	return missing(
		shape.whole,
		read.map(({ policy }) => policy)
	);
}

function checkLogo(folder: string, draft: Draft, report: Report) {
	const logo = draft.organisation?.look?.logo;
	if (logo === undefined) return;
	const path = ['organisation', 'look', 'logo'];
	const inside = !normalize(logo).startsWith('..') && !logo.startsWith('/') && !logo.includes('\0');
	if (!inside || !logo.endsWith('.svg'))
		return report(
			path,
			'The logo must be an SVG file of this folder.',
			'Write the name of a file, such as logo.svg.'
		);
	if (!existsSync(join(folder, logo)))
		report(path, `There is no file "${logo}".`, `Put the drawing there, as ${logo}.`);
}
