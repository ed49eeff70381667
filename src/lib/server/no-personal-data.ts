// Tables without anything about a person, each with the reason. Every other table belongs to a personal-data contract.

export const noPersonalData: Record<string, string> = {
	throttle: 'keyed hashes and counts that run out within a month',
	api_token: "tokens of the organisation's own systems",
	idempotent_answer: 'answers to such systems: ids and codes, kept for a day',
	erasure_case:
		'an erasure without a name: counts and codes; what is still needed is sealed under a key that dies with the case',
	case_recipient: 'partners told of such an erasure, by code',
	case_source: 'systems outside in which such an erasure goes on, by code, with counts of what they held',
	canary_run: 'when an invented person last walked through the systems outside, and what was found, as codes',
	child_report:
		"reports of a child's data without consent: a day and codes; what was written is sealed under the portal's key, and emptied when the report is closed",
	certificate: 'signed counts and codes of such an erasure',
	audit_leaf:
		'positions and keyed commitments: nobody can tell any more whose they were once the key is gone, and proofs of others need them',
	audit_node: 'hashes over such leaves',
	audit_head: 'signed hashes over all leaves',
	staff_member: 'who works for the organisation: a code, a name for colleagues, a role, a password hash',
	staff_session: 'sign-ins of such members, for 12 hours',
	staff_log:
		'what they did, as codes; of whom only what the key of that person makes, so that it can be kept for two years: without that key nobody can tell any more who it was',
	policy_announcement: 'versions of the policy, and how many people were told of each',
	incident:
		"what happened to the organisation's data, in its own words under the portal's own key; whom it concerns stands in notice",
	control_done:
		'days on which paper was shredded, copies were made and the like, in the words of the organisation',
	retention_rule: 'durations of the description, and since when each counts',
	partner_webhook: 'partners whose webhook is gone, by code',
	listener_call: "what the organisation's own systems were told of everybody: codes",
	drp_token: 'hashed tokens of agents whom the organisation listed',
	drp_signature: 'hashes of what such agents signed, until it runs out',
	drp_request:
		'what such agents asked, as codes, and their own number of it, sealed: of whom says only the request itself, which is the person’s',
	shown_words: "what stood beside a switch, in the organisation's own words",
	stranger_stop:
		'keyed hashes of addresses that belong to nobody here and said stop: to be refused for five years, and for nothing else',
	gateway_message: 'hashed names of what the SMS gateway brought, so that nothing counts twice',
	reply_tally: 'how many text messages came in on a day, by what became of them',
	mail_tally: 'how many mails came in on a day, by what became of them',
	source_state:
		'systems outside: whether each is switched off, by whom, and how it last failed, as codes; why is sealed under the portal’s own key',
	source_proof: 'when such a system last did what it is described to be able to',
	mark: 'facts about the database itself',
	kysely_migration: 'the steps that the database has taken',
	kysely_migration_lock: 'the lock for taking them'
};
