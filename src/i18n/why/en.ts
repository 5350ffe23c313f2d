import type { WhyWords } from './types.ts';

export const why: WhyWords = {
	'arp.asked': 'Nobody has said yet which MAC address {ip} has, so the question goes out on {dev} to everyone on the link.',
	'arp.answered': '{ip} is an address of this machine, so it answers with its MAC address {mac}.',
};
