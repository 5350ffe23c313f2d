import type { CiliumWords } from '../types.ts';

export const why: CiliumWords = {
	'cilium.backend-elsewhere':
		'{ip} 주소는 다른 노드에 있습니다. 서비스를 아는 이 노드로 응답이 돌아오도록 패킷은 이 노드의 이름으로 계속 갑니다.',
	'cilium.backend-here':
		'{ip} 주소는 이 노드의 파드이므로 응답은 어차피 여기를 지납니다. 목적지만 바뀌고 파드는 {client} 주소를 봅니다.',
	'cilium.chosen': ({ how }) =>
		({
			connection: '이 연결에는 이미 백엔드 {backend} 값이 정해져 있어 그대로 씁니다.',
			affinity: '클라이언트가 지난번에 {backend} 쪽으로 갔으므로 세션 어피니티에 따라 그대로 갑니다.',
			maglev:
				'패킷의 주소와 포트로 서비스의 Maglev 테이블에서 자리를 찾으면 {backend} 값이 있습니다. 모든 노드가 같은 값을 찾습니다.',
			lot: '새 연결이므로 서비스의 슬롯 가운데 추첨으로 {backend} 값을 고릅니다.',
		})[how],
	'cilium.cluster-ip': '{frontend} 주소는 ClusterIP이며 밖에서 온 패킷이 쓸 주소가 아닙니다.',
	'cilium.ct-known': '이 연결은 이미 Cilium 자체의 테이블에 있습니다.',
	'cilium.ct-new': '새 연결이므로 Cilium 자체의 테이블에 적습니다. 커널의 conntrack과는 다른 테이블입니다.',
	'cilium.ct-nodeport': '이 연결을 서비스의 연결로 적어 둡니다. 응답은 이 항목으로 알아봅니다.',
	'cilium.deliver':
		'{ip} 주소는 이 노드의 {endpoint}번 엔드포인트이므로 Cilium 프로그램이 패킷을 {dev} 디바이스로 직접 넘깁니다. 여기서부터 호스트의 라우팅과 iptables는 이 패킷을 보지 못합니다.',
	'cilium.dsr-geneve':
		'클라이언트의 주소는 그대로입니다. 클라이언트가 접속한 {frontend} 주소가 터널 헤더에 실려 가므로 백엔드의 노드가 그 이름으로 응답할 수 있습니다.',
	'cilium.dsr-learned':
		'함께 온 정보에 따르면 {client} 주소는 {frontend} 주소로 접속했습니다. 이제 응답은 그 주소를 출발지로 해서 나갑니다.',
	'cilium.dsr-option':
		'클라이언트의 주소는 그대로입니다. 클라이언트가 접속한 {frontend} 주소가 8바이트 IP 옵션에 실려 가므로 백엔드의 노드가 그 이름으로 응답할 수 있습니다.',
	'cilium.dsr-reply': '응답은 {frontend} 주소를 출발지로 삼아 처음 접속한 노드를 거치지 않고 클라이언트로 바로 갑니다.',
	'cilium.dsr-too-long':
		'정보를 더하면 패킷은 {length}바이트가 되어 링크가 받지 못합니다. 클라이언트에게 {mtu}바이트로 보내 달라고 합니다.',
	'cilium.egress-as-is': '출발지 {ip} 주소를 바꿀 까닭이 없으므로 패킷은 그대로 나갑니다.',
	'cilium.egress-done': '마크에 따르면 패킷은 이미 변환되었으므로 그대로 나갑니다.',
	'cilium.egress-overlay': '마크에 따르면 터널 자체의 데이터그램이므로 변환할 것이 없습니다.',
	'cilium.encap':
		'Cilium의 ipcache에 따르면 {ip} 주소는 {node} 노드 뒤에 있습니다. 패킷은 보낸 쪽의 아이덴티티 {vni} 값을 번호로 달고 터널에 들어갑니다.',
	'cilium.fib':
		'프로그램이 호스트의 라우트를 직접 조회합니다. 다음 홉은 {ip} 주소, MAC 주소는 {mac} 값입니다. 패킷은 호스트 스택을 거치지 않고 {dev} 디바이스로 나갑니다.',
	'cilium.fib-neigh':
		'다음 홉은 {dev} 디바이스 쪽의 {ip} 주소입니다. MAC 주소를 아직 모르므로 커널이 물어본 다음 패킷을 보냅니다.',
	'cilium.fib-none': '호스트에는 패킷을 {ip} 주소로 보낼 라우트가 없습니다.',
	'cilium.fib-too-long':
		'패킷은 {length}바이트인데 나가는 길은 {mtu}바이트까지 받습니다. 프로그램은 전달하지 못하고 아무에게도 알리지 않습니다.',
	'cilium.fib-unknown':
		'다음 홉은 {dev} 디바이스 쪽의 {ip} 주소이지만 MAC 주소를 아직 모르고, 이 프로그램은 물어볼 수 없습니다. 패킷을 버립니다.',
	'cilium.hairpin':
		'파드가 서비스를 거쳐 자기 자신에게 도달했습니다. 자기 주소에서 온 패킷은 버리게 되므로 출발지가 {address} 값으로 바뀝니다.',
	'cilium.host': '{ip} 주소는 노드 자신의 것이므로 패킷은 호스트의 네트워크 스택으로 들어갑니다.',
	'cilium.netdev-stack':
		'기존 호스트 라우팅에서는 프로그램이 여기서 멈춥니다. conntrack이 볼 수 있도록 호스트 스택이 {ip} 주소로 가는 패킷을 맡습니다.',
	'cilium.netdev-unknown': '{ip} 주소는 이 노드의 엔드포인트가 아니므로 패킷은 호스트 스택으로 들어갑니다.',
	'cilium.no-backend':
		'{frontend} 주소는 서비스이지만 여기서 고를 수 있는 백엔드가 없습니다. 패킷을 버리고 아무에게도 알리지 않습니다.',
	'cilium.no-backend-reject':
		'{frontend} 주소는 서비스이지만 여기서 고를 수 있는 백엔드가 없습니다. 서비스의 이름으로 ICMP 오류를 보내 알립니다.',
	'cilium.no-service': '{frontend} 주소는 Cilium 맵에 있는 서비스가 아닙니다.',
	'cilium.no-such-port':
		'{frontend} 주소는 서비스의 주소이지만 그 서비스의 포트가 아닙니다. 네트워크가 다시 돌려보낼 뿐이므로 패킷을 버립니다.',
	'cilium.overlay-identity': '패킷은 {node} 노드에서 터널로 왔습니다. 번호 {vni} 값이 보낸 쪽의 아이덴티티입니다.',
	'cilium.reverse': '서비스 백엔드의 응답입니다. 출발지가 처음에 접속한 주소 {frontend} 값으로 되돌아갑니다.',
	'cilium.service':
		'{frontend} 주소는 Cilium 맵에 있는 서비스이므로 패킷은 그 백엔드 중 하나인 {backend} 쪽으로 갑니다. iptables 규칙은 조회하지 않습니다.',
	'cilium.snat': '출발지가 {to} 값으로 바뀝니다. Cilium의 NAT 맵이 방향마다 하나씩 두 항목에 기억합니다.',
	'cilium.snat-error':
		'ICMP 오류가 변환된 패킷을 인용합니다. 보낸 쪽이 {address} 주소로 바뀌고 인용도 상대가 아는 모습으로 되돌립니다.',
	'cilium.snat-full': '{tries}번 시도했지만 {address} 주소에 이 흐름이 쓸 빈 포트가 없어 패킷을 버립니다.',
	'cilium.snat-known': '이 흐름은 Cilium의 NAT 맵에 있으므로 출발지가 전과 같이 {to} 값으로 바뀝니다.',
	'cilium.snat-port-taken':
		'{port}번 포트는 같은 곳으로 가는 다른 흐름이 쓰고 있어 {tries}번 시도한 끝에 다른 포트를 찾았습니다.',
	'cilium.snat-same':
		'노드 자신의 연결이므로 {to} 값을 그대로 쓰고, 변환된 흐름이 같은 포트를 쓰지 않도록 적어 둡니다.',
	'cilium.sock-bind': '{port}번 포트는 NodePort의 것이므로 노드의 프로세스가 여기서 수신 대기할 수 없습니다.',
	'cilium.sock-connect':
		'프로그램이 접속하려는 {frontend} 주소는 서비스입니다. 패킷이 생기기도 전에 소켓이 {backend} 쪽을 향하므로 서비스의 주소는 선로에 나타나지 않습니다.',
	'cilium.sock-no-backend':
		'{frontend} 주소는 백엔드가 없는 서비스이므로 프로그램의 호출이 {errno} 오류로 바로 실패하고 패킷은 나가지 않습니다.',
	'cilium.sock-none': '{frontend} 주소는 Cilium이 백엔드로 바꿀 수 있는 서비스가 아니므로 소켓은 요청한 곳으로 갑니다.',
	'cilium.sock-release': '소켓이 닫혔으므로 변환 기록을 잊습니다.',
	'cilium.sock-reverse': '소켓은 {backend} 쪽과 통신하지만 프로그램에는 접속하려던 주소인 {frontend} 값을 알려 줍니다.',
	'cilium.sock-stale':
		'{frontend} 주소는 이 소켓을 변환할 때의 서비스가 더는 아닙니다. 변환을 지우고 프로그램에는 {backend} 값을 알려 줍니다.',
	'cilium.source-range': '{client} 주소는 {frontend} 주소를 쓸 수 있는 출발지에 들어 있지 않습니다.',
	'cilium.stack':
		'{ip} 주소는 이 노드의 엔드포인트가 아니므로 호스트 스택이 길을 찾아야 합니다. 보낸 쪽의 아이덴티티 {identity} 값이 마크로 함께 갑니다.',
	'cilium.tail-call': '나머지는 다른 프로그램 {program} 몫입니다. 돌아오지 않는 테일 콜입니다.',
	'cilium.unroutable': '파드의 라우트가 여기로 이끌었지만 {ip} 주소를 가진 파드가 없습니다.',
	'cilium.unsnat':
		'이 노드가 자기 이름으로 전달한 요청에 대한 응답입니다. 목적지가 실제로 요청한 {to} 값으로 되돌아갑니다.',
	'cilium.unsnat-none': '이 패킷은 이 노드가 변환한 어떤 것에 대한 응답도 아닙니다.',
	'cilium.unsnat-same': '노드 자신의 연결에 대한 응답이므로 그대로 {to} 앞으로 갑니다.',
	'cilium.xdp-done': 'XDP가 이미 서비스를 찾아보고 프레임 앞에 그렇게 적어 두었으므로 프로그램은 다시 찾지 않습니다.',
	'cilium.xdp-encap':
		'XDP는 터널 디바이스를 쓰지 못하므로 {source} 주소에서 {node} 노드로 가는 터널 헤더를 직접 씁니다.',
	'cilium.xdp-local':
		'{frontend} 서비스는 이 노드에만 백엔드가 있으므로(Local 정책) 패킷은 어차피 커널로 들어갑니다. 백엔드는 tc의 프로그램이 고릅니다.',
	'cilium.xdp-pass': 'XDP가 보낼 것은 없습니다. 서비스를 다시 찾을 필요가 없다는 메모와 함께 패킷이 커널로 들어갑니다.',
	'cilium.xdp-tunnel':
		'XDP는 터널 디바이스로 보낼 수 없습니다. {node} 노드로 보내 달라는 메모를 tc의 프로그램 앞으로 남기고 패킷은 커널로 들어갑니다.',
	'program.denied':
		'{program} 프로그램이 {peer} 쪽 연결을 금지합니다. 시스템 호출은 `EPERM`으로 실패하고 아무것도 보내지 않습니다.',
	'program.dropped': '{program} 프로그램이 패킷을 버립니다(이유 {reason}).',
	'program.no-device': '{program} 프로그램이 패킷을 {ifindex}번 디바이스로 보내려 하지만 그런 디바이스는 없습니다.',
	'program.redirected':
		'{program} 프로그램이 패킷을 {dev} 디바이스로 곧장 보냅니다. 보통 길에서 다음에 있을 단계는 건너뜁니다.',
	'program.redirected-peer':
		'{program} 프로그램이 패킷을 {dev} 디바이스의 반대쪽 끝에 바로 놓습니다. 이쪽 끝은 패킷을 보지 못합니다.',
	'tunnel.decapsulated':
		'{remote} 주소에서 터널로 데이터그램이 왔습니다. {dev} 디바이스가 안에 든 프레임({vni}번)을 꺼내 케이블로 온 것처럼 받습니다.',
	'tunnel.encapsulated':
		'{dev} 디바이스가 프레임 전체를 {source} 주소에서 {remote} 주소로 가는 데이터그램에 {vni}번으로 넣습니다. 거기까지는 바깥 주소만 쓰입니다.',
	'tunnel.no-key':
		'{dev} 디바이스가 패킷을 어디로 보낼지 아무도 알려 주지 않았고, 디바이스는 스스로 상대를 알지 못합니다.',
	'tunnel.no-route': '터널의 반대쪽 끝인 {remote} 주소로 가는 길이 없습니다.',
	'tunnel.refused': '데이터그램이 {dev} 디바이스의 포트로 왔지만 터널이 들여보낼 내용이 없습니다.',
	'xdp.refused':
		'{dev} 디바이스는 XDP가 보내는 프레임을 받지 않으므로 이 프레임은 사라집니다. veth 쌍이라면 반대쪽 끝에도 XDP 프로그램이 있어야 하는데 kind에는 없습니다. (generic 모드인 testing-only에는 그런 조건이 없습니다.)',
};
