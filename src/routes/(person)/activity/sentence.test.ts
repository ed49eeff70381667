import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedLanguages, translationIn } from '../../../lib/i18n/catalogues.ts';
import { projectFolder } from '../../../lib/server/platform/project-folder.ts';

const server = join(projectFolder, 'src/lib/server');
const files = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter(
	(file) => file.endsWith('.ts') && !file.endsWith('.test.ts')
);

/** The third argument of every `audit.record(…)`: quoted codes, and templates as patterns. */
const kinds = new Set(
	files.flatMap((file) =>
		[...readFileSync(join(server, file), 'utf8').matchAll(/audit\.record\([^;]*?;/g)].flatMap(([call]) => {
			const argument = (call.split(',').slice(2).join(',').split('{ ')[0] as string).replace(
				/[!=]== '[^']*'/g,
				''
			);
			return [...argument.matchAll(/'([a-z-]+)'|`([^`]+)`/g)].map(
				([, code, template]) => code ?? (template as string)
			);
		})
	)
);

describe.each(shippedLanguages)('in %s', (language) => {
	const catalogue = JSON.parse(
		readFileSync(join(projectFolder, `src/lib/i18n/locales/${language}/activity.json`), 'utf8')
	) as { event: Record<string, string> };
	const told = new Set(
		Object.keys(catalogue.event).map((key) => key.replace(/_(zero|one|two|few|many|other)$/, ''))
	);

	test.each([...kinds])('what is noted as %s has a sentence', (kind) => {
		const pattern = new RegExp(`^${kind.replace(/\$\{[^}]*\}/g, '[a-z-]+')}$`);
		expect([...told].filter((known) => pattern.test(known))).not.toEqual([]);
	});

	test('there is a sentence for what nobody knows yet', () => {
		expect(translationIn(language).t('activity:other', { kind: 'something-new' })).toContain('something-new');
	});
});
