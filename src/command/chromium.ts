// Which Chromium is on this machine: it draws pictures of mails, and drives the tests in a browser.
import { existsSync } from 'node:fs';

const places = [
	process.env.CANDOR_TEST_CHROMIUM,
	// The same engine without a window: a fifth less work for the processor.
	'/usr/bin/chromium-headless-shell',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The path of a Chromium on this machine. */
export const findChromium = (): string | undefined => places.find((place) => place && existsSync(place));
