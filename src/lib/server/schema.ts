// Every table of the portal database, in one place. Personal tables lead with `personId`; what is personal is sealed
// (a Buffer); clear are only ids, codes, instants and counts.
import type { ThrottleSchema } from './platform/throttle/throttle.ts';

/** Columns of everything that can fall due (DESIGN §3.4): `nextAttemptAt` null means that nothing is to be done. */
interface Due {
	nextAttemptAt: string | null;
	leasedUntil: string | null;
	attempts: number;
}

/** `locked`: somebody reported that a child's data is held without consent; nothing happens with it until that is decided. */
export type PersonState = 'active' | 'awaiting-consent' | 'locked' | 'leaving' | 'erasing';

export interface PersonTable {
	personId: string;
	role: string;
	state: PersonState;
	/** A language of the description; `country` and `region` are codes. */
	language: string;
	timeZone: string;
	country: string;
	region: string | null;
	/** Sealed `{externalId, bornOn?}`. */
	sealed: Buffer;
	createdAt: string;
	/** The person asked that their data rest: nothing is sent or passed on. */
	pausedAt: string | null;
}

export interface IdentifierTable {
	personId: string;
	kind: 'email' | 'phone' | 'username' | 'external';
	blind: Buffer;
	/** Sealed text of the value as the person writes it. */
	sealed: Buffer;
	verifiedAt: string | null;
	changedAt: string;
}

/** `child` belongs to the row's person, who is the guardian's ward; the guardian is an id and nothing else. */
export interface GuardianTable {
	personId: string;
	guardianId: string;
	since: string;
}

/** Somebody whom others may have rights for: looked at once a day until they are grown up. `id` is the person's. */
export interface MinorTable extends Due {
	personId: string;
	id: string;
	/** 1 once they were told that they decide alone. */
	told: number;
}

/** `use`: of the service; `sharing`: that data is passed on to partners (COPPA 16 CFR 312.5(a)(2) wants them apart). */
export type ConsentScope = 'use' | 'sharing';

/** What was agreed for a child, by whom and how; only ever added to. The row is the child's, the giver an id and a role. */
export interface FamilyConsentTable {
	personId: string;
	id: string;
	scope: ConsentScope;
	/** `asked`: waits until staff have seen the evidence; `declined`: they did not find it enough. */
	decision: 'asked' | 'granted' | 'declined' | 'withdrawn';
	/** A way of the description. */
	way: string;
	giver: 'guardian' | 'school' | 'person' | 'staff';
	giverId: string;
	/** A paper of `consent_evidence`. */
	evidence: string | null;
	/** Sealed `{language, words, categories, partners, note?}`: what was read. */
	sealed: Buffer;
	at: string;
}

/** That the operator wants to see a school's evidence of a consent, until when. */
export interface EvidenceRequestTable extends Due {
	personId: string;
	id: string;
	/** Whose it is to show: a person with a role that consents for children. */
	askedOf: string;
	askedBy: string;
	state: 'open' | 'overdue' | 'answered';
	askedAt: string;
	dueAt: string;
	answeredAt: string | null;
}

/** A report that a child's data is held without consent. It names nobody in the clear; what was written is emptied when it is closed. */
export interface ChildReportTable {
	id: string;
	state: 'open' | 'closed';
	/** What the portal did by itself: `locked` where it was certain whom it is about. */
	found: 'locked' | 'unclear';
	at: string;
	closedAt: string | null;
	/** `destroyed`, `released`, `no-child`. */
	outcome: string | null;
	/** Sealed under the portal's key: `{about, account, contact}`. */
	sealed: Buffer | null;
}

/** That a child's account is locked because of such a report, whose id it has. */
export interface ChildLockTable extends Due {
	personId: string;
	id: string;
	state: 'locked' | 'released' | 'destroying';
	stateBefore: PersonState;
	lockedAt: string;
	destroyAt: string;
	endedAt: string | null;
	/** Sealed `{reason?}`: why staff let it go. */
	sealed: Buffer;
}

export interface CredentialTable {
	personId: string;
	/** Sealed argon2id hash. */
	sealed: Buffer;
	changedAt: string;
}

export interface SessionTable {
	/** SHA-256 of the session id; the id itself is with the browser only. */
	sessionId: string;
	personId: string;
	createdAt: string;
	expiresAt: string;
	seenAt: string;
	/** The last time that the person proved again who they are. */
	provedAt: string | null;
	language: string | null;
	/** Sealed `{device, address}`. */
	sealed: Buffer;
}

/** A proof bound to one action, used once. */
export interface StepUpTable {
	personId: string;
	sessionId: string;
	action: string;
	grantedAt: string;
	usedAt: string | null;
}

export interface OneTimeCodeTable {
	personId: string;
	id: string;
	/** `recovery`, `change-email`, …: a code counts for its purpose only. */
	purpose: string;
	/** Keyed hash of the code. */
	hash: Buffer;
	/** Sealed `{value?}`: for a change, the new address. */
	sealed: Buffer;
	tries: number;
	expiresAt: string;
	usedAt: string | null;
	createdAt: string;
}

export interface ProfileValueTable {
	personId: string;
	field: string;
	/** Sealed JSON value. */
	sealed: Buffer;
	/** An origin of the description, or `person` for what they wrote here. */
	origin: string;
	changedAt: string;
}

export interface RecordTable {
	personId: string;
	category: string;
	/** The organisation's own id of the record; same id again replaces. */
	id: string;
	at: string;
	/** Sealed `{<field>: value}`. */
	sealed: Buffer;
	origin: string;
}

export interface RecordCountTable {
	personId: string;
	category: string;
	records: number;
	/** The instant of the oldest record: by it, what has outlived its retention is found without a look at every record. */
	oldestAt: string | null;
}

export interface PreferenceChangeTable {
	personId: string;
	id: string;
	channel: string;
	topic: string;
	allowed: number;
	/** `page`, `footer-link`, `import`, `api`, `undo`. */
	origin: string;
	/** What was changed at once shares one: that is what an undo takes back. */
	changeSet: string;
	at: string;
}

export interface ConsentTable {
	personId: string;
	id: string;
	partner: string;
	decision: 'granted' | 'withdrawn';
	/** Fingerprint of the partner's field list when it was shown. */
	version: string;
	language: string;
	/** Sealed `{words, fields, about?, by?}`: what was shown, and what stood around it. */
	sealed: Buffer;
	origin: string;
	at: string;
	/** `guardian:<id>` or `school:<id>` where the person did not decide themselves. */
	givenBy: string | null;
	/** A paper of `consent_evidence`. */
	evidence: string | null;
}

/** A paper on which somebody agreed in a person's place. */
export interface ConsentEvidenceTable {
	personId: string;
	id: string;
	/** Sealed `{type, bytes, sha256}`. */
	sealed: Buffer;
	/** Sealed bytes of the file. */
	content: Buffer;
	at: string;
}

export interface DisclosureTable {
	personId: string;
	id: string;
	partner: string;
	purpose: string;
	basis: string;
	/** Codes `category.field`, separated by blanks. */
	fields: string;
	country: string;
	consentVersion: string | null;
	/** `released` through the gate, `afterwards` when it was told later. */
	recorded: 'released' | 'afterwards';
	at: string;
	recordedAt: string;
	/** Sealed `{reference?, key?}`. */
	sealed: Buffer;
	/** Keyed hash of the caller's own key of the row, for running an import twice. */
	dedupe: Buffer;
}

export interface DisclosureCountTable {
	personId: string;
	partner: string;
	disclosures: number;
	lastAt: string;
}

/** What flowed where, counted as it is written: by category (`field` empty) and by each of its fields. */
export interface DisclosureFlowTable {
	personId: string;
	partner: string;
	category: string;
	field: string;
	disclosures: number;
	firstAt: string;
	lastAt: string;
}

export type RequestKind =
	| 'access'
	| 'copy'
	| 'correction'
	| 'erasure'
	| 'restriction'
	| 'objection'
	| 'portability'
	| 'california-disclosure'
	| 'question'
	| 'complaint'
	| 'appeal';

export interface RequestTable {
	personId: string;
	id: string;
	kind: RequestKind;
	/** `waiting-for-proof`: nobody has shown yet that it comes from the person. */
	state: 'waiting-for-proof' | 'open' | 'answered' | 'closed';
	/** `category.field` for a correction. */
	subject: string | null;
	/** By what it is due: a rule of requests/clock/rules.ts, or `own-word`. */
	rule: string;
	openedAt: string;
	/** The last instant of the day that is due, where the person lives. */
	dueAt: string;
	closedAt: string | null;
	/** How it came in. */
	channel: 'portal' | 'phone' | 'letter' | 'mail' | 'counter' | 'api' | 'agent';
	/** From here the clock runs: for what came by letter, earlier than it was written down. */
	receivedAt: string;
	/** The things that an access can ask for (PIPA Art. 35), codes separated by blanks. */
	asks: string;
	extendedAt: string | null;
	decision: 'granted' | 'partly' | 'refused' | 'done-at-once' | 'not-mine' | 'unproved' | 'revoked' | null;
	/** The legal ground of a refusal. */
	ground: string | null;
	decidedAt: string | null;
	/** The request whose decision is appealed against. */
	appealOf: string | null;
	remindedAt: string | null;
	alarmedAt: string | null;
	/** Keyed hash of the mail that it came with, so that the same one counts once. */
	mailKey: Buffer | null;
}

/** A file that either side added to a message. */
export interface RequestAttachmentTable {
	personId: string;
	requestId: string;
	id: string;
	messageId: string;
	/** One of a few kinds, by what is in it. */
	type: string;
	bytes: number;
	/** Sealed `{name}`: how its sender calls it. */
	sealed: Buffer;
	/** Sealed bytes. */
	content: Buffer;
}

/** How many mails came in on a day, and what became of them; of whom, nothing. */
export interface MailTallyTable {
	day: string;
	outcome: string;
	mails: number;
}

export interface RequestMessageTable {
	personId: string;
	requestId: string;
	id: string;
	author: 'person' | 'organisation';
	/** Sealed `{text}`. */
	sealed: Buffer;
	at: string;
}

export interface ExportTable extends Due {
	personId: string;
	id: string;
	state: 'building' | 'ready' | 'failed' | 'cancelled' | 'expired';
	/** Codes separated by blanks. */
	categories: string;
	language: string;
	createdAt: string;
	readyAt: string | null;
	expiresAt: string | null;
	bytes: number | null;
	records: number | null;
	sha256: string | null;
	complete: number | null;
	failure: string | null;
}

export interface WithdrawalTable extends Due {
	personId: string;
	id: string;
	state: 'grace' | 'cancelled' | 'erasing';
	requestedAt: string;
	eraseAt: string;
	reason: string | null;
	/** Sealed `SealedWithdrawal` (withdrawal/sealed.ts). */
	sealed: Buffer;
	endedAt: string | null;
	/** The case that outlives the person. */
	caseId: string | null;
	/** How many times the person was reminded in the grace period. */
	reminders: number;
}

/** An erasure's case (DESIGN §3.9): what is still to be done when the person is gone. Nothing in it names the person. */
export interface ErasureCaseTable extends Due {
	id: string;
	/** Keyed hash of the claim code; the code is with the person only. */
	claimHash: Buffer;
	state: 'grace' | 'cancelled' | 'locked' | 'erased' | 'closed';
	requestedAt: string;
	eraseAt: string;
	lockedAt: string | null;
	erasedAt: string | null;
	/** JSON of a `Plan` (withdrawal/case/plan.ts): counts and codes only. */
	plan: string | null;
	/** Sealed under the case key `Farewell`; emptied when the case is closed. */
	sealed: Buffer | null;
	/** When the last message to the person was taken over, or given up. */
	toldAt: string | null;
}

/** A partner that is told of an erasure, and what came back. */
export interface CaseRecipientTable {
	caseId: string;
	partner: string;
	state: 'waiting' | 'answered' | 'silent';
	at: string;
	attempts: number;
}

/** A signed certificate of destruction; a later version of a case takes the place of an earlier one. */
export interface CertificateTable {
	caseId: string;
	version: number;
	issuedAt: string;
	jws: string;
}

export interface PolicyAnswerTable {
	personId: string;
	version: string;
	answer: 'seen' | 'accepted' | 'objected';
	language: string;
	at: string;
}

/** That somebody is to be told, or was: proof of delivery. */
export interface NoticeTable {
	personId: string;
	/** `policy <version>` or `incident <id>`. */
	about: string;
	/** `waiting` for their turn, `queued` in the outbox, then its end; `unreachable` who has no address. */
	state: 'waiting' | 'queued' | 'sent' | 'failed' | 'unreachable';
	channel: string | null;
	messageId: string | null;
	/** Since when it stands so. */
	at: string;
	/** When the person opened it in the portal. */
	readAt: string | null;
}

/** Something that is told to many people, each once: first found, then told, in batches behind `lastPerson`. */
export interface Round extends Due {
	id: string;
	phase: 'finding' | 'found' | 'telling' | 'done';
	lastPerson: string | null;
	/** How many people it concerns, and how many had their turn; both stay when people leave. */
	found: number;
	told: number;
}

/** A version of the policy since the portal first knew it; its id is the version. */
export interface PolicyAnnouncementTable extends Round {
	knownAt: string;
}

/** A breach, or a drill of one. */
/** What was done outside the portal: by a command, or by hand of staff. */
export interface ControlDoneTable {
	id: string;
	/** Of the description. */
	control: string;
	/** A day, `YYYY-MM-DD`. */
	doneOn: string;
	/** The staff member's id, or `command`. */
	by: string;
	/** Sealed under the portal's own key: a note in the organisation's words. */
	sealed: Buffer;
	recordedAt: string;
}

export interface IncidentTable extends Round {
	drill: number;
	knownAt: string;
	happenedFrom: string | null;
	happenedTo: string | null;
	/** Codes `category.field`, separated by blanks. */
	fields: string;
	/** JSON of an `Audience` (incidents/audience.ts): codes only. */
	audience: string;
	recordedAt: string;
	recordedBy: string;
	authorityDueAt: string;
	authorityToldAt: string | null;
	/** 1 once it was said that the clock runs out, 2 once that it ran out. */
	alarm: number;
	announcedAt: string | null;
	/** Sealed under the portal's own key: `IncidentTexts`. */
	sealed: Buffer;
}

export interface SupportLinkTable {
	personId: string;
	id: string;
	page: string;
	language: string;
	/** Keyed hash of the token; the link itself is with the person only. */
	hash: Buffer;
	/** Keyed hash of the six-character code. */
	code: Buffer;
	tries: number;
	madeBy: string;
	createdAt: string;
	expiresAt: string;
	openedAt: string | null;
	confirmedAt: string | null;
}

export type StaffRole = 'officer' | 'agent';

/** Who of the organisation may look: nobody of these is a person of the portal. */
export interface StaffMemberTable {
	/** What they sign in with, and how a person reads who looked. */
	id: string;
	name: string;
	role: StaffRole;
	state: 'active' | 'removed';
	/** Sealed argon2id hash, under the portal's own key; empty once removed. */
	hash: Buffer;
	passwordAt: string;
	/** 1 while the password is the one that was handed over. */
	initial: number;
	createdAt: string;
}

export interface StaffSessionTable {
	/** SHA-256 of the session id. */
	sessionId: string;
	staffId: string;
	createdAt: string;
	expiresAt: string;
	seenAt: string;
	language: string | null;
}

/** That a staff member may look at a person for a short while, and why. */
export interface StaffLookTable {
	personId: string;
	id: string;
	staffId: string;
	/** Sealed `{reason, note}`. */
	sealed: Buffer;
	at: string;
	expiresAt: string;
}

/** What staff did: codes and ids of staff. Only ever added to, until its time is over. */
export interface StaffLogTable {
	id: string;
	staffId: string;
	kind: string;
	/** Made from the person's key, and with it alone: tells whether somebody was looked at until they are erased. */
	subject: Buffer | null;
	at: string;
}

/** For how long a category was kept, and since when that is so ('' from the beginning). */
export interface RetentionRuleTable {
	category: string;
	since: string;
	/** ISO 8601; '' for as long as the person stays. */
	duration: string;
}

export interface AuditEventTable {
	personId: string;
	id: string;
	/** A code such as `session.started`; its sentence is `activity:event.<kind>`. */
	kind: string;
	actor: string;
	at: string;
	/** Sealed details, by name. */
	sealed: Buffer;
	/** 1, 2, … per person; null until an event from before there were chains has joined its chain. */
	number: number | null;
	/** Keyed hash over this event and all before it (audit/commitments.ts). */
	commitment: Buffer | null;
	/** Its leaf's place in the tree, 0, 1, …; null until the worker has given one. */
	position: number | null;
}

/** The end of a person's chain; whoever writes an event locks it. */
export interface AuditChainTable {
	personId: string;
	events: number;
	commitment: Buffer;
	/** Keyed hash that says that this is the end. */
	ending: Buffer;
}

/** What stays in the tree when a person was erased: a commitment that nobody can open any more. */
export interface AuditLeafTable {
	position: number;
	commitment: Buffer;
	/** 1 when an erasure took its event. */
	erased: number;
}

/** Hashes of complete subtrees of 2^level leaves, level 1 and up. */
export interface AuditNodeTable {
	level: number;
	number: number;
	hash: Buffer;
}

/** Signed heads of the tree. */
export interface AuditHeadTable {
	size: number;
	root: Buffer;
	at: string;
	jws: string;
}

export interface OutboxTable extends Due {
	personId: string;
	id: string;
	channel: 'email' | 'sms';
	/** A code such as `recovery-code`, for logs and the delivery log. */
	template: string;
	state: 'waiting' | 'sent' | 'failed';
	/** Sealed `Letter` (delivery/letters.ts); emptied after delivery. */
	sealed: Buffer;
	createdAt: string;
	sentAt: string | null;
}

/** What a partner is told of a person by signed webhook. */
export interface PartnerCallTable extends Due {
	personId: string;
	id: string;
	partner: string;
	/** A type of webhook, such as `correction.decided`. */
	type: string;
	/** What it belongs to, such as `correction:<id>`: several calls to one partner about it are one matter. */
	about: string;
	state: 'waiting' | 'acknowledged' | 'silent' | 'no-webhook';
	/** Sealed data of the call; emptied when nothing is to be told any more. */
	sealed: Buffer;
	createdAt: string;
	/** Since when it is in its state. */
	at: string;
}

/** A webhook whose owner answered that it is gone (410); another address in the description is called again. */
export interface PartnerWebhookTable {
	partner: string;
	url: string;
	disabledAt: string;
}

/** A field that a person contests; restricted everywhere until `ended`. */
export interface CorrectionTable extends Due {
	personId: string;
	id: string;
	/** `category.field` */
	field: string;
	/** The record of the category, where it has many. */
	record: string | null;
	state: 'open' | 'decided' | 'ended';
	decision: 'accepted' | 'other' | 'erased' | 'refused' | null;
	openedAt: string;
	decidedAt: string | null;
	/** When the restriction ends; null until it is decided. */
	endsAt: string | null;
}

/** What happened in a correction, in its order. */
export interface CorrectionStepTable {
	personId: string;
	correctionId: string;
	id: string;
	kind: 'opened' | 'accepted' | 'other' | 'erased' | 'refused' | 'again' | 'ended';
	actor: string;
	at: string;
	/** Sealed `{wrong?, right?, before?, value?, reason?}`. */
	sealed: Buffer;
}

/** That a person objected to a purpose, switched it off or on again: the newest one counts. */
export interface PurposeChoiceTable {
	personId: string;
	id: string;
	purpose: string;
	allowed: number;
	/** `page`, `consent`, `gpc`, `api`. */
	origin: string;
	at: string;
}

/** Who may see a field, where the person decided it. */
export interface FieldVisibilityTable {
	personId: string;
	/** `category.field` */
	field: string;
	viewers: 'everyone' | 'members' | 'nobody';
	changedAt: string;
}

export interface ApiTokenTable {
	id: string;
	name: string;
	/** SHA-256 of the token. */
	hash: Buffer;
	/** Codes separated by blanks. */
	scopes: string;
	/** Addresses and networks from which it is taken, separated by blanks; null for everywhere. */
	networks: string | null;
	createdAt: string;
	expiresAt: string;
	revokedAt: string | null;
}

/** The token of an agent of the Data Rights Protocol. */
export interface DrpTokenTable {
	agentId: string;
	/** SHA-256 of the token. */
	hash: Buffer;
	createdAt: string;
}

/** What an agent signed, so that it counts once. */
export interface DrpSignatureTable {
	hash: string;
	expiresAt: string;
}

/** What an agent asked; whose it is says only the request of the same id, where there is one. */
export interface DrpRequestTable extends Due {
	id: string;
	agentId: string;
	exercise: string;
	receivedAt: string;
	expectedBy: string;
	/** As it was last noticed. */
	status: string;
	reason: string | null;
	/** Sealed under the portal's key `{agentRequestId?, statusCallback?}`. */
	sealed: Buffer;
	closedAt: string | null;
}

/** Answers kept for `Idempotency-Key` (24 hours): ids and codes only. */
export interface IdempotentAnswerTable {
	tokenId: string;
	key: string;
	bodyHash: Buffer;
	status: number | null;
	answer: string | null;
	createdAt: string;
}

/** Facts about the database itself: `demonstration`, `description`. */
export interface MarkTable {
	name: string;
	value: string;
}

export interface Schema extends ThrottleSchema {
	person: PersonTable;
	identifier: IdentifierTable;
	guardian: GuardianTable;
	minor: MinorTable;
	familyConsent: FamilyConsentTable;
	evidenceRequest: EvidenceRequestTable;
	childReport: ChildReportTable;
	childLock: ChildLockTable;
	credential: CredentialTable;
	session: SessionTable;
	stepUp: StepUpTable;
	oneTimeCode: OneTimeCodeTable;
	profileValue: ProfileValueTable;
	record: RecordTable;
	recordCount: RecordCountTable;
	preferenceChange: PreferenceChangeTable;
	consent: ConsentTable;
	consentEvidence: ConsentEvidenceTable;
	disclosure: DisclosureTable;
	disclosureCount: DisclosureCountTable;
	disclosureFlow: DisclosureFlowTable;
	request: RequestTable;
	requestMessage: RequestMessageTable;
	requestAttachment: RequestAttachmentTable;
	mailTally: MailTallyTable;
	export: ExportTable;
	withdrawal: WithdrawalTable;
	erasureCase: ErasureCaseTable;
	caseRecipient: CaseRecipientTable;
	certificate: CertificateTable;
	policyAnswer: PolicyAnswerTable;
	notice: NoticeTable;
	policyAnnouncement: PolicyAnnouncementTable;
	incident: IncidentTable;
	controlDone: ControlDoneTable;
	supportLink: SupportLinkTable;
	staffMember: StaffMemberTable;
	staffSession: StaffSessionTable;
	staffLook: StaffLookTable;
	staffLog: StaffLogTable;
	retentionRule: RetentionRuleTable;
	auditEvent: AuditEventTable;
	auditChain: AuditChainTable;
	auditLeaf: AuditLeafTable;
	auditNode: AuditNodeTable;
	auditHead: AuditHeadTable;
	outbox: OutboxTable;
	partnerCall: PartnerCallTable;
	partnerWebhook: PartnerWebhookTable;
	correction: CorrectionTable;
	correctionStep: CorrectionStepTable;
	purposeChoice: PurposeChoiceTable;
	fieldVisibility: FieldVisibilityTable;
	apiToken: ApiTokenTable;
	drpToken: DrpTokenTable;
	drpSignature: DrpSignatureTable;
	drpRequest: DrpRequestTable;
	idempotentAnswer: IdempotentAnswerTable;
	mark: MarkTable;
}
