// The one timeline of the portal database, in order. A released step never changes.
import type { Migration } from 'kysely/migration';
import { up as portal } from './migrations/0001-portal.ts';
import { up as destruction } from './migrations/0002-destruction.ts';
import { up as staff } from './migrations/0003-staff.ts';
import { up as gate } from './migrations/0004-gate.ts';
import { up as corrections } from './migrations/0005-corrections.ts';
import { up as announcements } from './migrations/0006-announcements.ts';
import { up as requests } from './migrations/0007-requests.ts';
import { up as families } from './migrations/0008-families.ts';
import { up as controls } from './migrations/0009-controls.ts';
import { up as drp } from './migrations/0010-drp.ts';
import { up as messages } from './migrations/0011-messages.ts';
import { up as exports } from './migrations/0012-exports.ts';
import { up as sources } from './migrations/0013-sources.ts';
import { up as plainIndexes } from './migrations/0014-plain-indexes.ts';

export const migrations: Record<string, Migration> = {
	'0001-portal': { up: portal as Migration['up'] },
	'0002-destruction': { up: destruction as Migration['up'] },
	'0003-staff': { up: staff as Migration['up'] },
	'0004-gate': { up: gate as Migration['up'] },
	'0005-corrections': { up: corrections as Migration['up'] },
	'0006-announcements': { up: announcements as Migration['up'] },
	'0007-requests': { up: requests as Migration['up'] },
	'0008-families': { up: families as Migration['up'] },
	'0009-controls': { up: controls as Migration['up'] },
	'0010-drp': { up: drp as Migration['up'] },
	'0011-messages': { up: messages as Migration['up'] },
	'0012-exports': { up: exports as Migration['up'] },
	'0013-sources': { up: sources as Migration['up'] },
	'0014-plain-indexes': { up: plainIndexes as Migration['up'] }
};
