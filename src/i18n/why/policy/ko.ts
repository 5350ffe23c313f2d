import type { PolicyWords } from '../types.ts';

export const why: PolicyWords = {
	'cilium.policy-allow-egress':
		'엔드포인트 {endpoint}의 정책 맵에 나가는 방향으로 아이덴티티 {identity}({ip})의 항목이 있습니다(일치: {match}). 연결이 허용됩니다.',
	'cilium.policy-allow-ingress':
		'엔드포인트 {endpoint}의 정책 맵에 들어오는 방향으로 아이덴티티 {identity}({ip})의 항목이 있습니다(일치: {match}). 연결이 허용됩니다.',
	'cilium.policy-audit-egress':
		'엔드포인트 {endpoint}의 정책은 나가는 방향에서 아이덴티티 {identity}({ip})를 허용하지 않습니다(일치: {match}). 이 엔드포인트는 정책 감사 모드이므로 이 사실을 알리기만 하고 패킷은 계속 갑니다.',
	'cilium.policy-audit-ingress':
		'엔드포인트 {endpoint}의 정책은 들어오는 방향에서 아이덴티티 {identity}({ip})를 허용하지 않습니다(일치: {match}). 이 엔드포인트는 정책 감사 모드이므로 이 사실을 알리기만 하고 패킷은 계속 갑니다.',
	'cilium.policy-deny-egress':
		'엔드포인트 {endpoint}의 정책 맵은 나가는 방향에서 아이덴티티 {identity}({ip})를 거부합니다(일치: {match}). 거부는 모든 허용보다 우선하므로 패킷은 버려지고 아무에게도 알리지 않습니다.',
	'cilium.policy-deny-ingress':
		'엔드포인트 {endpoint}의 정책 맵은 들어오는 방향에서 아이덴티티 {identity}({ip})를 거부합니다(일치: {match}). 거부는 모든 허용보다 우선하므로 패킷은 버려지고 아무에게도 알리지 않습니다.',
	'cilium.policy-none-egress':
		'어떤 정책이 엔드포인트 {endpoint}의 나가는 방향을 선택하므로 항목이 허용하지 않은 것은 거부됩니다. 아이덴티티 {identity}({ip})와 이 포트에 맞는 항목이 없어 패킷은 버려지고 아무에게도 알리지 않습니다.',
	'cilium.policy-none-ingress':
		'어떤 정책이 엔드포인트 {endpoint}의 들어오는 방향을 선택하므로 항목이 허용하지 않은 것은 거부됩니다. 아이덴티티 {identity}({ip})와 이 포트에 맞는 항목이 없어 패킷은 버려지고 아무에게도 알리지 않습니다.',
	'kindnet.policy-egress':
		'어떤 NetworkPolicy가 파드 {pod}의 나가는 방향을 선택하므로 규칙이 허용하지 않은 것은 거부되는데, {ip} 및 이 포트를 허용하는 규칙이 없습니다. 커널은 연결마다 첫 패킷을 kindnetd에 묻습니다(큐 102). 패킷은 버려지고 아무에게도 알리지 않습니다.',
	'kindnet.policy-ingress':
		'어떤 NetworkPolicy가 파드 {pod}의 들어오는 방향을 선택하므로 규칙이 허용하지 않은 것은 거부되는데, {ip} 및 이 포트를 허용하는 규칙이 없습니다. 커널은 연결마다 첫 패킷을 kindnetd에 묻습니다(큐 102). 패킷은 버려지고 아무에게도 알리지 않습니다.',
};
