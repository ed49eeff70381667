// The registry of every keeper of personal values, in erasure order: what hangs on the person first, the person last.
import { accountsContract } from './accounts/personal-data.ts';
import { auditContract } from './audit/personal-data.ts';
import { consentsContract } from './consents/personal-data.ts';
import { correctionsContract } from './corrections/personal-data.ts';
import { noticesContract } from './delivery/notices/personal-data.ts';
import { deliveryContract } from './delivery/personal-data.ts';
import { disclosuresContract } from './disclosures/personal-data.ts';
import { exportsContract } from './exports/personal-data.ts';
import { objectionsContract } from './objections/personal-data.ts';
import { familiesContract } from './families/personal-data.ts';
import type { PersonalDataContract } from './personal-data-contract.ts';
import { policiesContract } from './policies/personal-data.ts';
import { profileContract } from './profile/personal-data.ts';
import { preferencesContract } from './preferences/personal-data.ts';
import { recordsContract } from './records/personal-data.ts';
import { restrictionsContract } from './restrictions/personal-data.ts';
import { repliesContract } from './replies/personal-data.ts';
import { requestsContract } from './requests/personal-data.ts';
import type { Organisation } from './organisation/organisation.ts';
import { sourceContracts } from './sources/personal-data.ts';
import { staffContract } from './staff/personal-data.ts';
import { supportLinksContract } from './staff/support-links/personal-data.ts';
import { visibilityContract } from './visibility/personal-data.ts';
import { withdrawalContract } from './withdrawal/personal-data.ts';

const ownContracts: readonly PersonalDataContract[] = [
	exportsContract,
	recordsContract,
	profileContract,
	supportLinksContract,
	staffContract,
	restrictionsContract,
	disclosuresContract,
	familiesContract,
	consentsContract,
	repliesContract,
	preferencesContract,
	correctionsContract,
	objectionsContract,
	visibilityContract,
	deliveryContract,
	noticesContract,
	policiesContract,
	requestsContract,
	auditContract,
	accountsContract,
	// While this row is there the erasure goes on: it is the last one.
	withdrawalContract
];

/** What is kept here, and before it what lies in the systems that the description names. */
export const contractsOf = (organisation: Organisation): readonly PersonalDataContract[] => [
	...sourceContracts(organisation),
	...ownContracts
];
