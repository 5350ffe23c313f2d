import type { EgressWords } from '../types.ts';

export const why: EgressWords = {
	'cilium.egw-address':
		'이그레스 정책에 {ip} 주소가 들어 있으므로 패킷은 정책의 이그레스 IP인 {address} 주소로 나가야 합니다.',
	'cilium.egw-excluded': '{ip} 주소는 이그레스 정책이 제외한 CIDR에 있으므로 패킷은 정책이 없을 때처럼 계속 갑니다.',
	'cilium.egw-gateway':
		'이그레스 정책이 이 파드와 {ip} 주소를 가리키므로, 라우팅 모드와 상관없이 패킷은 터널을 통해 게이트웨이인 {node} 노드로 갑니다.',
	'cilium.egw-here':
		'이그레스 정책이 이 파드와 {ip} 주소를 가리키는데 그 게이트웨이가 바로 이 노드이므로 패킷은 다른 곳으로 갈 필요가 없습니다.',
	'cilium.egw-no-address':
		'이그레스 정책에 {ip} 주소가 들어 있지만 게이트웨이에 이그레스 IP가 없으므로 패킷은 버려지고 아무도 통보받지 않습니다.',
	'cilium.egw-no-gateway':
		'이그레스 정책에 {ip} 주소가 들어 있지만 게이트웨이가 될 노드가 없으므로 패킷은 다른 주소로 나가는 대신 버려집니다.',
	'cilium.egw-reply':
		'{ip} 파드가 이 게이트웨이를 통해 보낸 요청의 응답이므로 터널을 통해 파드의 노드 {node} 쪽으로 돌아갑니다.',
	'cilium.egw-way':
		'이 노드가 {ip} 주소로 가는 게이트웨이입니다. 나가는 길은 이그레스 IP인 {address} 주소에서 출발하듯 찾고, 출발지는 패킷이 나가는 곳에서 바뀝니다.',
};
