import { defineConfig } from '@playwright/test';
import { findChromium } from './tests/support/chromium.ts';

const executablePath = findChromium();

export default defineConfig({
	testDir: 'tests/promises',
	globalSetup: './tests/support/seeds.ts',
	// A folder of its own: Playwright empties it, and the other runners' logs lie beside it.
	outputDir: 'test-results/promises',
	timeout: 120_000,
	workers: 2,
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
	projects: [
		// These three look at what the server sends, which is the same with scripts and without.
		{
			name: 'with-script',
			testIgnore: /(hostile|languages|colours)\.spec\.ts/,
			// What a page says in another language is what the server sends as well; English stands for all here.
			grepInvert: / in (ko|es|ar)\b/,
			use: { javaScriptEnabled: true }
		},
		{
			name: 'without-script',
			// These ask what is listed, or what the server did when days had passed. languages.spec opens their pages here too.
			testIgnore:
				/(CL1|CL2|CL3|CL4|CL5|CL9|CL12|CL2[04567]|CL31|CT2|CT3|CT4|CT5|CT7|CT9|CT12|CT14|CT16|CT17|CT18|CT19|CT20|CT23|CT25|CT26|CT28|CT29|CT30|CT31|CT33|CT34|CT35|CT36|CT37|CT38|claim)\.spec\.ts/,
			use: { javaScriptEnabled: false }
		}
	]
});
