// The registry of every keeper of personal values, in erasure order: what hangs on the person first, the person last.
import { auditContract } from './audit/personal-data.ts';
import type { PersonalDataContract } from './personal-data-contract.ts';
import { recordsContract } from './records/personal-data.ts';
import { supportLinksContract } from './staff/personal-data.ts';

export const contracts: readonly PersonalDataContract[] = [recordsContract, supportLinksContract, auditContract];
