// The registry of everything that can fall due.
import { keySweep } from './accounts/key-sweep.ts';
import { accountsSweep } from './accounts/sweep.ts';
import { archiveExpiry } from './archive/expiry.ts';
import { auditWork } from './audit/tree/positions.ts';
import type { Context } from './context.ts';
import { deliveryWork } from './delivery/due.ts';
import { leaversWork } from './demonstration/leavers.ts';
import { exportWork } from './exports/exports.ts';
import type { WorkKind } from './platform/work/work.ts';
import { recordExpiry } from './records/expiry.ts';
import { supportLinkSweep } from './staff/support-links/sweep.ts';
import { idempotencyWork } from './tokens/tokens.ts';
import { caseWork } from './withdrawal/case/follow-up.ts';
import { erasureWork } from './withdrawal/erasure.ts';

export const work: readonly WorkKind<Context>[] = [
	recordExpiry,
	supportLinkSweep,
	accountsSweep,
	keySweep,
	deliveryWork,
	leaversWork,
	exportWork,
	idempotencyWork,
	erasureWork,
	caseWork,
	archiveExpiry,
	auditWork
];
