import type { WhyWords } from './types.ts';

export const why: WhyWords = {
	'arp.asked': '还没有人说过{ip}的MAC地址，所以在{dev}上向整条链路询问。',
	'arp.answered': '{ip}是本机的地址，所以由本机用自己的MAC地址{mac}应答。',
};
