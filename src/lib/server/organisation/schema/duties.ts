// What the organisation owes: to children, to whoever leaves or asks, and in its own house.
import { z } from 'zod';
import { code, country, invented, text } from '../values.ts';

/** A way in which a guardian or school agrees so that it can be verified (COPPA 16 CFR 312.5(b), PIPA Decree Art. 17-2). */
const consentWay = z.strictObject({
	id: code,
	label: text,
	about: text,
	/** Who sees that it is so: the portal, by a code to the guardian's own address; staff or school, by evidence on file. */
	proof: z.enum(['email-code', 'sms-code', 'staff', 'school']),
	/** `sharing`: also that data is passed on to partners, which some ways are too weak for. */
	covers: z
		.array(z.enum(['use', 'sharing']))
		.min(1)
		.default(['use', 'sharing']),
	/** Whether a scanned or photographed paper has to be on file before staff confirm it. */
	paper: z.boolean().default(false),
	invented
});

export const minors = z.strictObject({
	/** Age from which a person decides alone, by country; "*" elsewhere. */
	age: z.record(z.string(), z.int().min(0).max(21)),
	/** Age at which the rights of guardians and schools end, by country. */
	majority: z.record(z.string(), z.int().min(14).max(25)).default({ '*': 18 }),
	consentBy: z.array(z.enum(['guardian', 'school'])).min(1),
	about: text,
	ways: z.array(consentWay).default([]),
	/** The sample form that a school hands to parents; what is held, why and who gets it is added by the portal. */
	form: z.strictObject({ title: text, intro: text, statement: text, contact: text }).optional(),
	/** Days within which a school shows the evidence that was asked for. */
	evidenceDays: z.int().min(1).max(60).default(14),
	/** Days from a report that a child's data is held without consent until it is destroyed. */
	reportDays: z.int().min(1).max(30).default(3),
	invented
});

export const withdrawal = z.strictObject({
	graceDays: z.int().min(0).max(90),
	/** How long partners that were told of an erasure may take to answer, before the case is closed without them. */
	followUpDays: z.int().min(1).max(90).default(30),
	reasons: z.array(z.strictObject({ id: code, label: text })),
	about: text,
	invented
});

export const requests = z.strictObject({
	/** Days within which the organisation says that it answers; the legal clocks apply beside it. */
	answerDays: z.int().positive(),
	regimes: z.array(z.enum(['gdpr', 'ccpa', 'california-shine-the-light', 'pipa', 'coppa', 'ferpa'])).min(1),
	/** What asking costs, said before anybody asks. Europe and California are free of it whatever stands here. */
	fees: z
		.array(
			z.strictObject({
				kinds: z.array(z.enum(['access', 'copy', 'portability'])).min(1),
				countries: z.array(country).min(1),
				amount: z.number().positive().max(1_000),
				currency: z.string().regex(/^[A-Z]{3}$/, 'a currency code such as "USD"'),
				why: text
			})
		)
		.default([])
});

export const staff = z.strictObject({
	/** How old the password of a staff member may become. */
	passwordDays: z.int().min(1).max(365).default(90)
});

export const control = z.strictObject({
	id: code,
	label: text,
	/** Who writes down that it was done: `candor backup`, `candor backup keys`, the canary that found no gap, or staff by hand. */
	by: z.enum(['backup', 'keys-backup', 'canary', 'staff']),
	/** Overdue when it was last done longer ago. */
	everyDays: z.int().min(1).max(3_650).optional(),
	invented
});
