import type { WhyWords } from './types.ts';

export const why: WhyWords = {
	'arp.asked': '{ip} 주소의 MAC을 아직 아무도 알려 주지 않았으므로 {dev} 장치로 링크 전체에 묻습니다.',
	'arp.answered': '{ip} 주소는 이 머신의 것이므로 자신의 MAC 주소({mac})로 응답합니다.',
};
