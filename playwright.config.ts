import { defineConfig } from '@playwright/test';
import { findChromium } from './src/command/chromium.ts';

const executablePath = findChromium();

export default defineConfig({
	testDir: 'tests/promises',
	globalSetup: './tests/support/seeds.ts',
	// A folder of its own: Playwright empties it, and the other runners' logs lie beside it.
	outputDir: 'test-results/promises',
	timeout: 120_000,
	// A test waits for its server and its browser in turns: with two on two cores, a third of their time went by.
	workers: 3,
	expect: { timeout: 15_000 },
	fullyParallel: false,
	forbidOnly: true,
	reporter: [['list'], ['json', { outputFile: 'test-results/promises.json' }]],
	use: {
		locale: 'en-GB',
		timezoneId: 'UTC',
		viewport: { width: 1280, height: 800 },
		screenshot: 'only-on-failure',
		// Pages fade into each other; drawn without a graphics card that costs a second a step.
		contextOptions: { reducedMotion: 'reduce' },
		launchOptions: {
			...(executablePath && { executablePath }),
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	// What a page says in another language is what languages.spec looks at, page by page; English stands for all elsewhere.
	grepInvert: /^(?!.*languages\.spec).* in (ko|es|ar)\b/,
	projects: [
		{
			name: 'with-script',
			// Pages ship no script: what the server sends is the same with scripts and without, so that the five jobs, and
			// what scripts of others meet here, stand for all.
			testMatch: /(CL9|CL14|CL15|CL21|CL22|CL23|CT28)\.spec\.ts/,
			use: { javaScriptEnabled: true }
		},
		{ name: 'without-script', testIgnore: /CT28\.spec\.ts/, use: { javaScriptEnabled: false } }
	]
});
