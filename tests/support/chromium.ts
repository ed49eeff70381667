// Which Chromium drives the promises: one that was named, one that is there, else one that can be installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findChromium } from '../../src/command/chromium.ts';

const fonts = ['fonts-noto-core', 'fonts-noto-cjk'];
/** The light one first: without a window it takes a fifth less of the processor. */
const debianPackages = ['chromium-headless-shell', 'chromium'];

/** Installs one where there is none: Debian's package first, else Playwright's. */
export async function ensureChromium(): Promise<void> {
	for (const debianPackage of debianPackages) if (!isThere()) install(debianPackage);
	if (!isThere()) runQuietly('playwright', ['install', 'chromium']);
	if (!isThere())
		throw new Error('There is no Chromium, and none could be installed. CANDOR_TEST_CHROMIUM names one.');
}

function install(debianPackage: string): void {
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	runQuietly('apt-get', ['update', '-qq']);
	runQuietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage, ...fonts]);
}

const isThere = () => findChromium() !== undefined || existsSync(chromium.executablePath());

function runQuietly(command: string, args: string[]): void {
	const path = `node_modules/.bin:${process.env.PATH}`;
	const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' };
	spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
