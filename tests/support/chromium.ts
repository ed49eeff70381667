// Which Chromium drives the promises: one that was named, one that is there, else Playwright's own.
import { existsSync } from 'node:fs';

const places = [
	process.env.CANDOR_TEST_CHROMIUM,
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The path of a Chromium on this machine; undefined leaves the choice to Playwright. */
export function findChromium(): string | undefined {
	return places.find((place) => place && existsSync(place));
}
