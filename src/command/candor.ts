#!/usr/bin/env node
// The operator's commands: one file each. Exit codes: 0 done, 1 refused, 2 wrong usage.
import { Command, CommanderError } from 'commander';
import { addAnswerRequest } from './answer-request.ts';
import { addArchive } from './archive.ts';
import { addBackup } from './backup.ts';
import { addCanary } from './canary.ts';
import { addCheck } from './check.ts';
import { addErase } from './erase.ts';
import { addErasureAnswer } from './erasure-answer.ts';
import { addExport } from './export.ts';
import { addGenerate } from './generate.ts';
import { addImport } from './import.ts';
import { addKeys } from './keys.ts';
import { addMail } from './mail.ts';
import { addMessages } from './messages.ts';
import { addMigrate } from './migrate.ts';
import { addPauseAnswer } from './pause-answer.ts';
import { addRestore } from './restore.ts';
import { addRetention } from './retention.ts';
import { addSms } from './sms.ts';
import { addStaff } from './staff.ts';
import { addSupportLink } from './support-link.ts';
import { addToken } from './token.ts';
import { addVerify } from './verify.ts';
import { addWebhookSecret } from './webhook-secret.ts';
import { addWork } from './work.ts';
import { Refused } from './refused.ts';

const program = new Command('candor')
	.description('Candor, the privacy center: what operators do.')
	.usage('<command> [options]')
	.option('--json', 'answer in JSON, for machines')
	.showHelpAfterError('(--help says how)')
	.exitOverride();

for (const add of [
	addCheck,
	addMail,
	addMessages,
	addMigrate,
	addImport,
	addExport,
	addErase,
	addErasureAnswer,
	addPauseAnswer,
	addArchive,
	addSupportLink,
	addSms,
	addStaff,
	addToken,
	addWebhookSecret,
	addWork,
	addRetention,
	addCanary,
	addBackup,
	addRestore,
	addKeys,
	addVerify,
	addGenerate,
	addAnswerRequest
])
	add(program);

/** Commander's own endings: asking for help is no mistake. */
const codeOf = (error: CommanderError): number => (error.exitCode === 0 ? 0 : 2);

try {
	await program.parseAsync();
} catch (error) {
	if (error instanceof CommanderError) process.exitCode = codeOf(error);
	else if (error instanceof Refused) {
		for (const line of error.lines) console.error(line);
		process.exitCode = error.exitCode;
	} else {
		// Values stay out of what is shown: a database driver puts them into its messages.
		console.error(
			error instanceof Error
				? `Something broke: ${error.name}\n${(error.stack ?? '')
						.split('\n')
						.filter((line) => line.trimStart().startsWith('at '))
						.join('\n')}`
				: 'Something broke.'
		);
		process.exitCode = 1;
	}
}
