// Promise: a certificate says what was destroyed, what is kept and who was told, and anybody can check that we said it.
import type { Context } from '../../context.ts';
import { retentionOf } from '../../organisation/lookup.ts';
import type { Text } from '../../organisation/organisation.ts';
import { instant } from '../../platform/clock.ts';
import type { Count } from '../../personal-data-contract.ts';
import type { CaseRecipientTable, CaseSourceTable, ErasureCaseTable } from '../../schema.ts';
import { planIn } from './case.ts';
import { heldIn } from './outside.ts';
import type { Plan } from './plan.ts';
import { insertCertificate, selectCertificate, selectRecipients, selectSources } from './queries.ts';

export const certificateType = 'candor-certificate+jws';

/** Counts, codes and partner ids only (DESIGN §3.9); the terms of method are those of NIST SP 800-88r2. */
export interface Certificate {
	format: 'candor-certificate/1';
	iss: string;
	/** The case. */
	sub: string;
	version: number;
	/** No later version comes. */
	final: boolean;
	issuedAt: string;
	organisation: { id: string; name: Text };
	requestedAt: string;
	lockedAt: string;
	erasedAt: string;
	method: 'cryptographic-erase-and-deletion';
	key: { id: string; destroyedAt: string };
	destroyed: { category: string; records: number }[];
	kept: { ground: string; law: Text; category: string; records: number; until: string }[];
	recipients: { partner: string; state: CaseRecipientTable['state']; at: string }[];
	/**
	 * Systems of the organisation's own in which data lies. `erased`: asked afterwards, each said that it holds nothing;
	 * `declared`: the organisation said so of one that could no longer be asked; `waiting` since `at`. `held` is what it held,
	 * null where it has not said so yet. Missing in certificates of before there were any.
	 */
	sources?: {
		source: string;
		name: Text;
		state: CaseSourceTable['state'];
		held: Count[] | null;
		at: string;
	}[];
	/** The day on which the last backup that could hold the key has aged out. */
	backupsAgeOutOn: string;
	/** Rows that still named the person when everything was done: counted, not assumed. */
	rowsLeft: 0;
}

export interface Issued {
	certificate: Certificate;
	/** Compact JWS (Ed25519) of the same. */
	jws: string;
}

async function contentOf(
	ctx: Context,
	found: ErasureCaseTable,
	{ version, final, erasedAt }: Pick<Certificate, 'version' | 'final' | 'erasedAt'>
): Promise<Certificate> {
	const { organisation, settings } = ctx;
	const plan = planIn(found);
	const { id, name } = organisation.organisation;
	const sources = await selectSources(ctx, found.id);
	const keptOutside = sources.flatMap(({ kept }) =>
		kept === null ? [] : (JSON.parse(kept) as Plan['kept'])
	);
	const lawOf = (ground: string): Text => retentionOf(organisation, ground)?.afterLeaving?.law ?? {};
	return {
		format: 'candor-certificate/1',
		iss: settings.origin,
		sub: found.id,
		version,
		final,
		issuedAt: instant(ctx.clock.now()),
		organisation: { id, name },
		requestedAt: found.requestedAt,
		lockedAt: found.lockedAt ?? found.eraseAt,
		erasedAt,
		method: 'cryptographic-erase-and-deletion',
		key: { id: plan.keyId, destroyedAt: plan.keyDestroyedAt ?? erasedAt },
		destroyed: plan.destroyed,
		kept: [...plan.kept, ...keptOutside].map((kept) => ({ ...kept, law: lawOf(kept.ground) })),
		recipients: (await selectRecipients(ctx, found.id)).map(({ partner, state, at }) => ({
			partner,
			state,
			at
		})),
		sources: sources.map((row) => ({
			source: row.source,
			name: organisation.sources.find(({ id }) => id === row.source)?.label ?? {},
			state: row.state,
			held: row.held === null ? null : heldIn(row),
			at: row.at
		})),
		backupsAgeOutOn: ctx.keys.backupsAgeOutOn(new Date(erasedAt)),
		rowsLeft: 0
	};
}

/** Signs a version of the certificate and keeps it; in the transaction that makes it true. */
export async function issue(
	ctx: Context,
	found: ErasureCaseTable,
	is: Pick<Certificate, 'version' | 'final' | 'erasedAt'>
): Promise<void> {
	const certificate = await contentOf(ctx, found, is);
	await insertCertificate(ctx, {
		caseId: found.id,
		version: is.version,
		issuedAt: certificate.issuedAt,
		jws: await ctx.signer.sign(certificateType, certificate)
	});
}

/** The newest certificate of a case; undefined before the erasure is done. */
export async function issued(ctx: Context, caseId: string): Promise<Issued | undefined> {
	const row = await selectCertificate(ctx, caseId);
	if (!row) return undefined;
	const payload = row.jws.split('.')[1] ?? '';
	return {
		certificate: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Certificate,
		jws: row.jws
	};
}
