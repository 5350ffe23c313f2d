/** The lesson's exercises, in the order they stand in it. */
import type { Exercise } from '../../../src/exercises/index.ts';
import { addressSnat } from './address-snat.ts';
import { agentsAfter } from './agents-after.ts';
import { allFourDoors } from './all-four-doors.ts';
import { eachDoor } from './each-door.ts';
import { homeDoor } from './home-door.ts';
import { localByVersion } from './local-by-version.ts';
import { lookupsGrow } from './lookups-grow.ts';
import { mapEntry } from './map-entry.ts';
import { optionBytes } from './option-bytes.ts';
import { orderPrograms } from './order-programs.ts';
import { replyWay } from './reply-way.ts';
import { udpHybrid } from './udp-hybrid.ts';

export const exercises: readonly Exercise[] = [
	addressSnat,
	mapEntry,
	orderPrograms,
	homeDoor,
	replyWay,
	optionBytes,
	udpHybrid,
	localByVersion,
	eachDoor,
	agentsAfter,
	lookupsGrow,
	allFourDoors,
];
