// The process that is killed: it opens the portal as a server does and drives one scenario, named in its arguments.
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { fileClock } from '../../../src/lib/server/platform/clock.ts';
import { readSettings } from '../../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../../src/lib/server/portal.ts';
import { scenarios } from './scenarios.ts';

const [name, clockFile = '', givenFile = ''] = process.argv.slice(2);
const scenario = scenarios.find((one) => one.name === name);
const settings = readSettings();
if (!scenario || 'problems' in settings)
	throw new Error(`no scenario ${name}, or ${JSON.stringify(settings)}`);

const portal = await openPortal(settings, { clock: fileClock(clockFile) });
// Written at an orderly end otherwise, to which most of these processes never come.
flushCompileCache();
console.log('begun');
await scenario.drive(portal.contextFor('portal'), JSON.parse(readFileSync(givenFile, 'utf8')));
await portal.close();
process.exit(0);
