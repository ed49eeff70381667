// Who can open the archive: age public keys. The demonstration makes its own pair, and says where the private one lies.
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';

type Settings = Pick<Context['settings'], 'demonstration' | 'dataFolder' | 'archiveRecipients'>;

/** Beside the data, because it protects nothing: outside the demonstration no private key comes near the portal. */
export const demonstrationIdentityFile = ({ dataFolder }: Settings): string =>
	join(dataFolder, 'demonstration-archive-identity.txt');

const publicKeyIn = (text: string): string => /^# public key: (age1\S+)$/m.exec(text)?.[1] ?? '';

/** Makes the demonstration's pair where there is none, in the form that `age-keygen` writes. */
async function prepareRecipients(settings: Settings): Promise<void> {
	const file = demonstrationIdentityFile(settings);
	if (!settings.demonstration || settings.archiveRecipients.length > 0 || existsSync(file)) return;
	const identity = await generateX25519Identity();
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `# public key: ${await identityToRecipient(identity)}\n${identity}\n`, { mode: 0o600 });
}

const keepsAnything = ({ categories, retention }: Organisation): boolean => {
	const keeping = new Set(retention.filter(({ afterLeaving }) => afterLeaving).map(({ id }) => id));
	return categories.some((category) => keeping.has(category.retention));
};

/** The lines for the operator when the law keeps something and nobody could open it; prepares the demonstration's pair. */
export async function archiveProblem(
	settings: Settings,
	organisation: Organisation
): Promise<string[] | undefined> {
	await prepareRecipients(settings);
	if (settings.demonstration || settings.archiveRecipients.length > 0 || !keepsAnything(organisation))
		return undefined;
	return [
		'CANDOR_ARCHIVE_RECIPIENTS is missing: the description keeps something after a person has left, and somebody must be able to open it. Make a pair with age-keygen away from this machine and give the public key, for example CANDOR_ARCHIVE_RECIPIENTS=age1q…'
	];
}

/** The public keys that the archive is sealed to. */
export function recipientsOf(settings: Settings): readonly string[] {
	if (settings.archiveRecipients.length > 0 || !settings.demonstration) return settings.archiveRecipients;
	return [publicKeyIn(readFileSync(demonstrationIdentityFile(settings), 'utf8'))];
}

/** For whoever starts the demonstration: the archive is for an officer, and its key lies here. */
export const whereIdentityLies = (settings: Settings): string[] =>
	settings.demonstration && settings.archiveRecipients.length === 0
		? [
				`What the law keeps of whoever left opens with the identity in ${demonstrationIdentityFile(settings)}.`
			]
		: [];
