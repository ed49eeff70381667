// Every table of the portal database, in one place. Personal tables lead with `personId`; what is personal is sealed
// (a Buffer); clear are only ids, codes, instants and counts.
import type { ThrottleSchema } from './platform/throttle/throttle.ts';
import type {
	AuditChainTable,
	AuditEventTable,
	AuditHeadTable,
	AuditLeafTable,
	AuditNodeTable,
	MarkTable
} from './schema/audit.ts';
import type {
	ChildLockTable,
	ChildReportTable,
	EvidenceRequestTable,
	FamilyConsentTable
} from './schema/families.ts';
import type {
	AddressBlockTable,
	ContactChangeTable,
	CorrectionStepTable,
	CorrectionTable,
	FieldVisibilityTable,
	PreferenceChangeTable,
	ProfileValueTable,
	PurposeChoiceTable,
	RecordCountTable,
	RecordTable,
	RetentionRuleTable,
	ShownWordsTable,
	SignalKeptTable
} from './schema/held.ts';
import type {
	CanaryRunTable,
	CaseRecipientTable,
	CaseSourceTable,
	CertificateTable,
	ErasureCaseTable,
	ExportTable,
	ExportVolumeTable,
	SourceRestrictionTable,
	WithdrawalTable
} from './schema/leaving.ts';
import type {
	CredentialTable,
	GuardianTable,
	IdentifierTable,
	MinorTable,
	OneTimeCodeTable,
	PersonTable,
	SessionTable,
	StepUpTable
} from './schema/people.ts';
import type {
	DrpRequestTable,
	DrpSignatureTable,
	DrpTokenTable,
	MailTallyTable,
	RequestAttachmentTable,
	RequestMessageTable,
	RequestTable
} from './schema/requests.ts';
import type {
	ConsentEvidenceTable,
	ConsentTable,
	DisclosureCountTable,
	DisclosureFlowTable,
	DisclosureTable,
	PartnerCallTable,
	PartnerWebhookTable
} from './schema/sharing.ts';
import type { SourceProofTable, SourceStateTable } from './schema/sources.ts';
import type {
	ApiTokenTable,
	ControlDoneTable,
	IdempotentAnswerTable,
	StaffLogTable,
	StaffLookTable,
	StaffMemberTable,
	StaffSessionTable,
	SupportLinkTable
} from './schema/staff.ts';
import type {
	DecisionNoticeTable,
	GatewayMessageTable,
	IncidentTable,
	ListenerCallTable,
	NoticeTable,
	OutboxTable,
	PolicyAnnouncementTable,
	PolicyAnswerTable,
	ReconfirmationTable,
	ReplyTable,
	ReplyTallyTable,
	StrangerStopTable
} from './schema/telling.ts';

export type * from './schema/audit.ts';
export type * from './schema/families.ts';
export type * from './schema/held.ts';
export type * from './schema/leaving.ts';
export type * from './schema/people.ts';
export type * from './schema/requests.ts';
export type * from './schema/sharing.ts';
export type * from './schema/sources.ts';
export type * from './schema/staff.ts';
export type * from './schema/telling.ts';

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
	shownWords: ShownWordsTable;
	contactChange: ContactChangeTable;
	addressBlock: AddressBlockTable;
	reconfirmation: ReconfirmationTable;
	decisionNotice: DecisionNoticeTable;
	strangerStop: StrangerStopTable;
	gatewayMessage: GatewayMessageTable;
	reply: ReplyTable;
	replyTally: ReplyTallyTable;
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
	exportVolume: ExportVolumeTable;
	withdrawal: WithdrawalTable;
	erasureCase: ErasureCaseTable;
	caseRecipient: CaseRecipientTable;
	caseSource: CaseSourceTable;
	sourceRestriction: SourceRestrictionTable;
	canaryRun: CanaryRunTable;
	sourceState: SourceStateTable;
	sourceProof: SourceProofTable;
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
	listenerCall: ListenerCallTable;
	correction: CorrectionTable;
	correctionStep: CorrectionStepTable;
	purposeChoice: PurposeChoiceTable;
	signalKept: SignalKeptTable;
	fieldVisibility: FieldVisibilityTable;
	apiToken: ApiTokenTable;
	drpToken: DrpTokenTable;
	drpSignature: DrpSignatureTable;
	drpRequest: DrpRequestTable;
	idempotentAnswer: IdempotentAnswerTable;
	mark: MarkTable;
}
