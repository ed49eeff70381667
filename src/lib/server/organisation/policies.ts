// Promise: every version of the policy has its dates, enough notice, and its text in each language.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, dayOf } from '../platform/clock.ts';
import { readDocument, readText } from './document.ts';
import type { ReadPolicy } from './introductions.ts';
import { quote, suggestion } from './problem.ts';
import type { Path, Problem, Report } from './problem.ts';
import { policyMetaSchema } from './schema.ts';
import type { PolicyMeta } from './schema.ts';
import { checkShape, walk } from './shape.ts';
import type { Loose } from './shape.ts';
import { checkText, languagesOf } from './validation.ts';
import type { Draft } from './validation.ts';
import type { Text } from './values.ts';

const versionPattern = /^(?!compare$)[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** Reads `policies/<version>/`, newest first, adding what is wrong to `problems`. */
export function readPolicies(
	folder: string,
	draft: Draft,
	{ today, problems }: { today: string; problems: Problem[] }
): ReadPolicy[] {
	const note = (path: string, problem: string, write: string) =>
		problems.push({ file: 'policies', line: 1, path, problem, write });
	const versions = foldersOf(join(folder, 'policies')).flatMap((version) => {
		if (versionPattern.test(version)) return readVersion(folder, version, draft, problems) ?? [];
		note(
			version,
			'A version is named by letters, digits, dots and hyphens.',
			'Rename the folder, for example to its date.'
		);
		return [];
	});
	const newestFirst = versions.sort(({ policy: a }, { policy: b }) =>
		a.effective < b.effective ? 1 : a.effective > b.effective ? -1 : 0
	);
	if (
		!newestFirst.some(({ policy }) => policy.effective <= today) &&
		!problems.some(({ file }) => file.startsWith('policies/'))
	)
		note(
			'',
			`No version of the policy is in force on ${today}.`,
			'Add policies/<version>/meta.yaml and its texts.'
		);
	newestFirst.forEach(({ policy: { version, effective } }, index) => {
		if (newestFirst[index + 1]?.policy.effective === effective)
			note(
				version,
				`Another version takes effect on ${effective} too.`,
				'Give each version a day of its own.'
			);
	});
	return newestFirst;
}

function foldersOf(folder: string): string[] {
	if (!existsSync(folder)) return [];
	try {
		return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
			entry.isDirectory() ? entry.name : []
		);
	} catch {
		return [];
	}
}

function readVersion(
	folder: string,
	version: string,
	draft: Draft,
	problems: Problem[]
): ReadPolicy | undefined {
	const file = `policies/${version}/meta.yaml`;
	const located = readDocument(folder, file);
	problems.push(...located.problems);
	const text = readTexts(folder, version, languagesOf(draft), problems);
	if (located.value === undefined) return undefined;

	const report: Report = (path, problem, write) => problems.push(located.at(path, problem, write));
	const shape = checkShape(policyMetaSchema, located.value, report);
	const meta: Loose<PolicyMeta> = 'whole' in shape ? shape.whole : shape.rest;
	walk(policyMetaSchema, meta, (schema, value, path) =>
		checkText(schema, value, path, { languages: languagesOf(draft), report })
	);
	checkNotice(meta, draft, report);
	if (meta.invented && !draft.example)
		report(
			['invented'],
			'Only an example may hold invented facts.',
			'Write the true dates and text, and remove "invented".'
		);
	return 'whole' in shape ? { policy: { ...shape.whole, version, text }, at: located.at } : undefined;
}

/** People learn of a change early enough before it takes effect, and earlier of a significant one. */
function checkNotice({ announced, effective, significant }: Loose<PolicyMeta>, draft: Draft, report: Report) {
	const kind = significant ? 'significant' : 'ordinary';
	const days = draft.policies?.noticeDays?.[kind];
	if (!announced || !effective || days === undefined) return;
	const path: Path = ['effective'];
	const earliest = dayOf(after(new Date(announced), days, 'days'));
	if (effective >= earliest) return;
	const problem = `The notice is too short: an ${kind} change is announced ${days} days ahead.`.replace(
		'an sig',
		'a sig'
	);
	report(path, problem, `Write effective: ${earliest}, or later.`);
}

function readTexts(folder: string, version: string, languages: string[], problems: Problem[]): Text {
	const place = `policies/${version}`;
	const text: Text = {};
	for (const language of languages) {
		const read = readText(folder, `${place}/${language}.md`);
		if (typeof read === 'string' && read.trim()) text[language] = read;
		else if (typeof read !== 'string') problems.push(read);
		else
			problems.push({
				file: `${place}/${language}.md`,
				line: 1,
				path: '',
				problem: 'The text is empty.',
				write: 'Write the policy.'
			});
	}
	for (const name of markdownIn(join(folder, place))) {
		const language = name.slice(0, -'.md'.length);
		if (languages.length && !languages.includes(language)) {
			const problem = `${quote(language)} is not a language of this description.`;
			problems.push({
				file: `${place}/${name}`,
				line: 1,
				path: '',
				problem,
				write: suggestion(language, languages)
			});
		}
	}
	return text;
}

function markdownIn(folder: string): string[] {
	try {
		return readdirSync(folder).filter((name) => name.endsWith('.md'));
	} catch {
		return [];
	}
}
