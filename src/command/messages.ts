// `candor messages preview`: every message in every language, as HTML, text and picture, before anybody gets it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { previews, type Preview } from '../lib/server/delivery/delivery.ts';
import { loadOrganisation } from '../lib/server/organisation/load.ts';
import { dayOf, systemClock } from '../lib/server/platform/clock.ts';
import { answer } from './answer.ts';
import { openCamera, type Camera } from './camera.ts';
import { findChromium } from './chromium.ts';
import { previewIndex } from './preview-index.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { settingsOrEnd } from './with-portal.ts';

export function addMessages(program: Command): void {
	program
		.command('messages')
		.description('The messages that the portal sends.')
		.command('preview')
		.description(
			'Write every message in every language into a folder: HTML, text, picture, and an index.html.'
		)
		.argument('<folder>', 'where to write them')
		.option('--no-pictures', 'without pictures, which take a while')
		.action((folder: string, { pictures }: { pictures: boolean }, command: Command) =>
			preview(resolve(folder), pictures, command)
		);
}

/** The messages of the description that the settings name; no database is opened. */
function written(): { organisation: string; messages: Preview[] } {
	const settings = settingsOrEnd();
	const now = systemClock.now();
	const organisation = loadOrganisation(settings.descriptionFolder, { today: dayOf(now) });
	if ('problems' in organisation)
		throw new Refused(['The description has problems; `candor check` lists them.']);
	const name = organisation.organisation.name;
	return {
		organisation: name.en ?? Object.values(name)[0] ?? '',
		messages: previews({ organisation, settings }, now)
	};
}

async function writeMessage(folder: string, message: Preview, camera: Camera | undefined): Promise<void> {
	const { language, template, subject, text, html, sms } = message;
	const file = (ending: string) => join(folder, language, `${template}${ending}`);
	mkdirSync(join(folder, language), { recursive: true });
	writeFileSync(file('.html'), html);
	writeFileSync(file('.txt'), `${subject}\n\n${text}`);
	writeFileSync(file('.sms.txt'), `${sms}\n`);
	if (!camera) return;
	writeFileSync(file('.png'), await camera.picture(html, 'light'));
	writeFileSync(file('.dark.png'), await camera.picture(html, 'dark'));
}

async function preview(folder: string, pictures: boolean, command: Command): Promise<void> {
	if (existsSync(folder) && !existsSync(join(folder, 'index.html')))
		throw new Refused([`${folder} is there already, and holds something else; give a new folder.`], 2);
	const { organisation, messages } = written();
	const chromium = pictures ? findChromium() : undefined;
	const camera = chromium ? await openCamera(chromium) : undefined;
	const progress = progressOf(messages.length);
	try {
		for (const [index, message] of messages.entries()) {
			await writeMessage(folder, message, camera);
			progress.show(index + 1, message.template);
		}
	} finally {
		progress.end();
		await camera?.close();
	}
	writeFileSync(join(folder, 'index.html'), previewIndex(organisation, messages, camera !== undefined));
	answer(command, { folder, messages: messages.length, pictures: camera !== undefined }, [
		`${messages.length} messages are in ${folder}: open index.html.`,
		...(camera || !pictures
			? []
			: ['There are no pictures: no Chromium was found (CANDOR_TEST_CHROMIUM names one).'])
	]);
}
