// The registry of everything that can fall due.
import { keySweep } from './accounts/key-sweep.ts';
import { accountsSweep } from './accounts/sweep.ts';
import { archiveExpiry } from './archive/expiry.ts';
import { auditWork } from './audit/tree/positions.ts';
import type { Context } from './context.ts';
import { controlAlarm } from './controls/alarm.ts';
import { correctionWork } from './corrections/due.ts';
import { positionEnds, positionWork } from './contact-changes/positions.ts';
import { deliveryWork } from './delivery/due.ts';
import { deliveryAlarm } from './delivery/log/log.ts';
import { messageEnds } from './delivery/ends.ts';
import { listenerWork } from './delivery/listeners/due.ts';
import { partnerCallWork } from './delivery/partners/due.ts';
import { familyEnds } from './families/ends.ts';
import { growingWork } from './families/growing.ts';
import { lockWork } from './families/locks.ts';
import { evidenceWork } from './families/schools.ts';
import { drpCalls, drpChanges, drpEnds } from './drp/callbacks.ts';
import { exportEnds } from './exports/ends.ts';
import { leaversWork } from './demonstration/leavers.ts';
import { exportWork } from './exports/exports.ts';
import type { WorkKind } from './platform/work/work.ts';
import { incidentAlarm, incidentWork } from './incidents/incidents.ts';
import { announcementWork } from './policies/announcements.ts';
import { decisionWork, mayAllStillGo, mayStillGo, reconfirmationWork } from './preferences/preferences.ts';
import { recordExpiry } from './records/expiry.ts';
import { replyEnds, replyWork } from './replies/ends.ts';
import { addressRefused } from './replies/replies.ts';
import { restrictionAlarm, restrictionCatchUp, restrictionWork } from './restrictions/due.ts';
import { settleWork } from './requests/at-once.ts';
import { dueWork } from './requests/due.ts';
import { mailEnds, requestEnds } from './requests/ends.ts';
import { staffEnds } from './staff/ends.ts';
import { supportLinkSweep } from './staff/support-links/sweep.ts';
import { idempotencyWork } from './tokens/tokens.ts';
import { waitingAlarm } from './withdrawal/case/alarm.ts';
import { caseWork } from './withdrawal/case/follow-up.ts';
import { withdrawalEnds } from './withdrawal/ends.ts';
import { erasureWork } from './withdrawal/erasure.ts';

export const work: readonly WorkKind<Context>[] = [
	recordExpiry,
	requestEnds,
	mailEnds,
	dueWork,
	drpChanges,
	drpCalls,
	drpEnds,
	settleWork,
	messageEnds,
	replyWork,
	replyEnds,
	exportEnds,
	withdrawalEnds,
	supportLinkSweep,
	staffEnds,
	familyEnds,
	accountsSweep,
	keySweep,
	...deliveryWork(mayStillGo, addressRefused, mayAllStillGo),
	deliveryAlarm,
	announcementWork,
	incidentWork,
	incidentAlarm,
	partnerCallWork,
	listenerWork,
	correctionWork,
	reconfirmationWork,
	decisionWork,
	leaversWork,
	growingWork,
	lockWork,
	evidenceWork,
	exportWork,
	idempotencyWork,
	erasureWork,
	caseWork,
	waitingAlarm,
	restrictionCatchUp,
	restrictionWork,
	restrictionAlarm,
	archiveExpiry,
	positionWork,
	positionEnds,
	auditWork,
	controlAlarm
];
