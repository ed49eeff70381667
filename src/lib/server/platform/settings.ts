// Promise: a wrong setting stops the start with its name, what is wrong and an example; only this file reads the environment.
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readDkimKey } from './dkim-key.ts';
import { networksOf } from './forwarded.ts';
import { gatewayOf } from './gateway-url.ts';
import { projectFolder } from './project-folder.ts';
import { addressesOf } from './sources/addresses.ts';

interface Setting {
	about: string;
	example: string;
	schema: z.ZodType<string | undefined>;
}

const optional = z.string().min(1).optional();
const matching = (pattern: RegExp) => z.string().regex(pattern).optional();
const listOf = (text?: string): string[] => (text ? text.split(',').map((part) => part.trim()) : []);
const networks = z
	.string()
	.refine((text) => networksOf(listOf(text)) !== undefined)
	.optional();
const gateway = z
	.string()
	.refine((text) => gatewayOf(text) !== undefined)
	.optional();
const recipients = matching(/^\s*age1[0-9a-z]{10,}\s*(,\s*age1[0-9a-z]{10,}\s*)*$/);
const databaseUrl = matching(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/);

/** Every setting that this version knows, in the order of `.env.example`. */
export const known: Record<string, Setting> = {
	HOST: { about: 'Address to listen on.', example: '0.0.0.0', schema: optional },
	PORT: { about: 'Port to listen on; 0 takes a free one.', example: '3000', schema: matching(/^\d{1,5}$/) },
	ORIGIN: {
		about: 'The address people use, without a path.',
		example: 'https://privacy.example.com',
		schema: matching(/^https?:\/\/[^/]+$/)
	},
	CANDOR_DEMONSTRATION: {
		about: '1 opens the demonstration with invented people.',
		example: '1',
		schema: matching(/^[01]$/)
	},
	CANDOR_DESCRIPTION: {
		about: 'Folder of the description.',
		example: '/etc/candor/description',
		schema: optional
	},
	CANDOR_DATA: { about: 'Folder for everything that is kept.', example: '/var/lib/candor', schema: optional },
	CANDOR_DATABASE_URL: {
		about: 'The portal database.',
		example: 'postgres://candor@db/portal',
		schema: databaseUrl
	},
	CANDOR_KEYS_URL: {
		about: 'The keys database; never the same as the portal database.',
		example: 'postgres://candor@keys/keys',
		schema: databaseUrl
	},
	CANDOR_ARCHIVE_URL: {
		about: 'The archive database: what the law keeps after a person has left.',
		example: 'postgres://candor@archive/archive',
		schema: databaseUrl
	},
	CANDOR_ARCHIVE_RECIPIENTS: {
		about:
			'age public keys, separated by commas: who can open the archive. Their private keys never lie here.',
		example: 'age1q…',
		schema: recipients
	},
	CANDOR_BACKUP_RECIPIENTS: {
		about: 'age public keys, separated by commas: who can open a backup.',
		example: 'age1q…',
		schema: recipients
	},
	CANDOR_KEYS_BACKUP_DAYS: {
		about: 'How many days a backup of the keys is kept, at most.',
		example: '7',
		schema: matching(/^([1-9]|[12]\d|30)$/)
	},
	CANDOR_TOMBSTONES: {
		about: 'Append-only file of who was erased; outside databases and their backups.',
		example: '/var/lib/candor-tombstones/tombstones.jsonl',
		schema: optional
	},
	CANDOR_MASTER_KEYS: {
		about: 'Master keys, newest first: version:base64 of 32 bytes, separated by commas.',
		example: '1:3q2+7w…=',
		schema: optional
	},
	CANDOR_MASTER_KEYS_FILE: {
		about: 'A file with the same, a key a line.',
		example: '/run/secrets/candor-keys',
		schema: optional
	},
	CANDOR_SMTP_URL: {
		about: 'Mail server.',
		example: 'smtps://user:password@mail.example.com',
		schema: matching(/^smtps?:\/\/.+/)
	},
	CANDOR_MAIL_FROM: {
		about: 'Sender of every mail.',
		example: 'Privacy <privacy@example.com>',
		schema: optional
	},
	CANDOR_DKIM_DOMAIN: {
		about: 'The domain that answers for every mail by a signature (DKIM): the one of the sender.',
		example: 'example.com',
		schema: matching(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/)
	},
	CANDOR_DKIM_SELECTOR: {
		about: 'Under which name its public key stands in the DNS: <selector>._domainkey.<domain>.',
		example: 'candor-2026',
		schema: matching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/)
	},
	CANDOR_DKIM_KEY_FILE: {
		about: 'File of its private key: PEM, RSA of at least 2048 bits, or Ed25519.',
		example: '/run/secrets/candor-dkim.pem',
		schema: optional
	},
	CANDOR_SMS_URL: {
		about:
			'HTTP gateway for SMS: https:// for one that takes JSON, twilio+https://…?from=… for one that takes Twilio’s form.',
		example: 'twilio+https://SID:TOKEN@api.twilio.com/?from=+15551234567',
		schema: gateway
	},
	CANDOR_SMS_SECRET: {
		about:
			'What the gateway signs incoming messages with: Twilio’s auth token, or a secret of Standard Webhooks (whsec_ and Base64).',
		example: 'whsec_…',
		schema: matching(/^(whsec_[A-Za-z0-9+/]{32,}={0,2}|(?!whsec_)[\x21-\x7e]{16,})$/)
	},
	CANDOR_WEBHOOKS_PRIVATE: {
		about:
			'1 lets webhooks reach private addresses: for development and tests, never where others write the description.',
		example: '0',
		schema: matching(/^[01]$/)
	},
	CANDOR_TRUSTED_PROXIES: {
		about: 'Addresses of proxies whose forwarded headers count.',
		example: '10.0.0.0/8,::1',
		schema: networks
	},
	CANDOR_DRP_AGENTS: {
		about:
			'File of the agents that may ask in somebody’s name (Data Rights Protocol): JSON, id, name, verify_key.',
		example: '/etc/candor/drp-agents.json',
		schema: optional
	},
	CANDOR_DRP_BUSINESS_ID: {
		about: 'How those agents call this organisation.',
		example: 'example-business',
		schema: matching(/^[A-Za-z0-9._:-]{1,100}$/)
	},
	CANDOR_SOURCES: {
		about:
			'Where the sources of the description are, separated by blanks: <id>=postgres://…, mysql://…, mariadb://…, sqlite:path or https://….',
		example: 'shop=postgres://candor@shop/orders crm=https://crm.example.com/candor',
		schema: z
			.string()
			.refine((text) => addressesOf(text) !== undefined)
			.optional()
	},
	CANDOR_CLOCK_FILE: {
		about: 'Demonstration only: the process reads its instant from this file.',
		example: '/tmp/now',
		schema: optional
	},
	CANDOR_ROLE: { about: 'What this process does.', example: 'all', schema: matching(/^(all|web|work)$/) },
	CANDOR_WORKERS: { about: 'Number of web processes.', example: '2', schema: matching(/^[1-9]\d?$/) },
	LOG_LEVEL: {
		about: 'How much is logged.',
		example: 'info',
		schema: matching(/^(fatal|error|warn|info|debug|trace|silent)$/)
	}
};

/** Read by `npm start` and the tests, no settings of the portal. */
const tooling = /^CANDOR_(TEST_|BENCH_|PROOF_)/;
const demonstrationAllows = new Set(['CANDOR_DESCRIPTION', 'CANDOR_DATA', 'CANDOR_CLOCK_FILE']);

export interface Settings {
	demonstration: boolean;
	origin: string;
	descriptionFolder: string;
	dataFolder: string;
	databaseUrl: string;
	keysUrl: string;
	archiveUrl: string;
	/** age public keys. */
	archiveRecipients: readonly string[];
	backupRecipients: readonly string[];
	keysBackupDays: number;
	tombstonesFile: string;
	masterKeys: { text: string } | { file: string } | undefined;
	smtpUrl: string | undefined;
	mailFrom: string | undefined;
	/** In whose name mails are signed; `key` is PEM. */
	dkim: { domain: string; selector: string; key: string } | undefined;
	smsUrl: string | undefined;
	/** What incoming messages are signed with; without it none is taken. */
	smsSecret: string | undefined;
	/** Whether webhooks may reach private, loopback and link-local addresses. */
	privateWebhooks: boolean;
	trustedProxies: readonly string[];
	/** The directory of agents of the Data Rights Protocol. */
	drpAgentsFile: string | undefined;
	drpBusinessId: string | undefined;
	/** Addresses of the description's sources, by id. */
	sources: Readonly<Record<string, string>>;
	clockFile: string | undefined;
	role: 'all' | 'web' | 'work';
	host: string;
	/** 0 takes a free port. */
	port: number;
	/** Web processes that share the port. */
	workers: number;
	logLevel: string;
}

export interface SettingProblem {
	name: string;
	problem: string;
	example: string;
}

type Environment = Record<string, string | undefined>;

/** The demonstration is entered by its setting, or when nothing at all was set (CONTRACT §1). */
function isDemonstration(env: Environment): boolean {
	if (env.CANDOR_DEMONSTRATION !== undefined) return env.CANDOR_DEMONSTRATION === '1';
	const set = Object.keys(env).filter((name) => name.startsWith('CANDOR_') && !tooling.test(name));
	const example = env.CANDOR_DESCRIPTION?.replace(/^\.\//, '').startsWith('examples/') ?? true;
	return env.NODE_ENV !== 'production' && example && set.every((name) => demonstrationAllows.has(name));
}

type Wrong = (name: string, problem: string) => void;

const dkimNames = ['CANDOR_DKIM_DOMAIN', 'CANDOR_DKIM_SELECTOR', 'CANDOR_DKIM_KEY_FILE'] as const;

function dkimProblems(env: Environment, wrong: Wrong): void {
	if (!dkimNames.some((name) => env[name])) return;
	for (const name of dkimNames) if (!env[name]) wrong(name, 'is missing: a signature needs all three');
	const file = env.CANDOR_DKIM_KEY_FILE;
	const read = file ? readDkimKey(resolve(projectFolder, file)) : undefined;
	if (read && 'problem' in read) wrong('CANDOR_DKIM_KEY_FILE', read.problem);
}

/** All three are there, or none: `dkimProblems` has seen to it. */
function dkimOf(env: Environment): Settings['dkim'] {
	const [domain, selector, file] = dkimNames.map((name) => env[name]);
	const read = file ? readDkimKey(resolve(projectFolder, file)) : { problem: '' };
	return domain && selector && 'pem' in read ? { domain, selector, key: read.pem } : undefined;
}

function problemsOf(env: Environment, demonstration: boolean): SettingProblem[] {
	const problems: SettingProblem[] = [];
	const wrong: Wrong = (name, problem) =>
		problems.push({ name, problem, example: known[name]?.example ?? '' });
	for (const [name, value] of Object.entries(env)) {
		if (!name.startsWith('CANDOR_') || tooling.test(name)) continue;
		if (!known[name]) wrong(name, 'is not a setting of this version');
		if (value === '') wrong(name, 'is empty; leave it out instead');
	}
	for (const [name, { schema }] of Object.entries(known))
		if (env[name] && !schema.safeParse(env[name]).success)
			wrong(name, 'does not have the form that is needed');
	if (env.CANDOR_MASTER_KEYS && env.CANDOR_MASTER_KEYS_FILE)
		wrong('CANDOR_MASTER_KEYS', 'is set beside CANDOR_MASTER_KEYS_FILE; set one of them');
	if (env.CANDOR_DATABASE_URL && env.CANDOR_DATABASE_URL === env.CANDOR_KEYS_URL)
		wrong('CANDOR_KEYS_URL', 'is the same as CANDOR_DATABASE_URL; keys lie apart from what they seal');
	if (
		env.CANDOR_ARCHIVE_URL &&
		[env.CANDOR_DATABASE_URL, env.CANDOR_KEYS_URL].includes(env.CANDOR_ARCHIVE_URL)
	)
		wrong('CANDOR_ARCHIVE_URL', 'is the same as another database; the archive lies apart');
	if (Boolean(env.CANDOR_DRP_AGENTS) !== Boolean(env.CANDOR_DRP_BUSINESS_ID))
		wrong(
			env.CANDOR_DRP_AGENTS ? 'CANDOR_DRP_BUSINESS_ID' : 'CANDOR_DRP_AGENTS',
			'is missing: agents need both'
		);
	dkimProblems(env, wrong);
	if (demonstration) return problems;
	if (env.CANDOR_CLOCK_FILE) wrong('CANDOR_CLOCK_FILE', 'is for the demonstration only');
	if (!env.CANDOR_DESCRIPTION) wrong('CANDOR_DESCRIPTION', 'is missing');
	if (!env.ORIGIN) wrong('ORIGIN', 'is missing');
	if (!env.CANDOR_MASTER_KEYS && !env.CANDOR_MASTER_KEYS_FILE)
		wrong('CANDOR_MASTER_KEYS', 'is missing (CANDOR_MASTER_KEYS_FILE serves as well)');
	return problems;
}

/** The settings, or everything that is wrong with them at once. */
export function readSettings(env: Environment = process.env): Settings | { problems: SettingProblem[] } {
	const demonstration = isDemonstration(env);
	const problems = problemsOf(env, demonstration);
	if (problems.length) return { problems };
	const dataFolder = resolve(projectFolder, env.CANDOR_DATA ?? 'data');
	const masterKeys = env.CANDOR_MASTER_KEYS_FILE
		? { file: env.CANDOR_MASTER_KEYS_FILE }
		: env.CANDOR_MASTER_KEYS
			? { text: env.CANDOR_MASTER_KEYS }
			: undefined;
	return {
		demonstration,
		origin: env.ORIGIN ?? `http://localhost:${env.PORT ?? '3000'}`,
		descriptionFolder: resolve(projectFolder, env.CANDOR_DESCRIPTION ?? 'examples/classting'),
		dataFolder,
		databaseUrl: env.CANDOR_DATABASE_URL ?? `sqlite:${join(dataFolder, 'portal.db')}`,
		keysUrl: env.CANDOR_KEYS_URL ?? `sqlite:${join(dataFolder, 'keys.db')}`,
		archiveUrl: env.CANDOR_ARCHIVE_URL ?? `sqlite:${join(dataFolder, 'archive.db')}`,
		archiveRecipients: listOf(env.CANDOR_ARCHIVE_RECIPIENTS),
		backupRecipients: listOf(env.CANDOR_BACKUP_RECIPIENTS),
		keysBackupDays: Number(env.CANDOR_KEYS_BACKUP_DAYS ?? 7),
		tombstonesFile: resolve(projectFolder, env.CANDOR_TOMBSTONES ?? join(dataFolder, 'tombstones.jsonl')),
		masterKeys,
		smtpUrl: env.CANDOR_SMTP_URL,
		mailFrom: env.CANDOR_MAIL_FROM,
		dkim: dkimOf(env),
		smsUrl: env.CANDOR_SMS_URL,
		smsSecret: env.CANDOR_SMS_SECRET,
		privateWebhooks: env.CANDOR_WEBHOOKS_PRIVATE === '1',
		drpAgentsFile: env.CANDOR_DRP_AGENTS ? resolve(projectFolder, env.CANDOR_DRP_AGENTS) : undefined,
		drpBusinessId: env.CANDOR_DRP_BUSINESS_ID,
		sources: addressesOf(env.CANDOR_SOURCES ?? '') ?? {},
		trustedProxies: listOf(env.CANDOR_TRUSTED_PROXIES),
		clockFile: env.CANDOR_CLOCK_FILE,
		role: (env.CANDOR_ROLE as Settings['role'] | undefined) ?? 'all',
		host: env.HOST ?? (demonstration ? '127.0.0.1' : '0.0.0.0'),
		port: Number(env.PORT ?? 3000),
		workers: Number(env.CANDOR_WORKERS ?? 1),
		logLevel: env.LOG_LEVEL ?? (demonstration ? 'warn' : 'info')
	};
}

/** The text of `.env.example`: every setting with what it is for and an example. */
export const exampleFile = (): string =>
	Object.entries(known)
		.map(([name, { about, example }]) => `# ${about}\n# ${name}=${example}\n`)
		.join('\n');
