### Words that letters, tables and pages share: what was seen, states, levels, networks,
### expectations, controls.

## What was seen, as the end of a sentence; `.now` says the same in the present tense.

seen-ok = 이상 없음
    .now = 이상 없습니다
seen-content-changed = 페이지는 제공되지만 기대한 내용 일부가 없음
    .now = 페이지는 제공되지만 기대한 내용 일부가 없습니다
seen-content-replaced = 알려진 페이지 자리에 다른 페이지가 제공됨
    .now = 알려진 페이지 자리에 다른 페이지가 제공됩니다
seen-content-unproven = 다음 단계로 가는 링크나 버튼을 더 이상 확인할 수 없음
    .now = 다음 단계로 가는 링크나 버튼을 더 이상 확인할 수 없습니다
seen-content-moved = 페이지가 다른 주소로 옮겨졌음
    .now = 페이지가 다른 주소로 옮겨졌습니다
seen-tls-incompatible = 서버의 암호화 방식을 이 프로그램이 지원하지 않음
    .now = 서버의 암호화 방식을 이 프로그램이 지원하지 않습니다
seen-tls-incomplete-chain = 서버가 중간 인증서를 보내지 않음
    .now = 서버가 중간 인증서를 보내지 않습니다
seen-site-maintenance = 시스템 점검 안내가 표시됨
    .now = 시스템 점검 안내가 표시됩니다
seen-site-rate-limited = 사이트가 요청이 너무 잦다고 알림
    .now = 사이트가 요청이 너무 잦다고 알립니다
seen-site-challenge = 사이트가 프로그램은 통과할 수 없는 보안 인증을 요구함
    .now = 사이트가 프로그램은 통과할 수 없는 보안 인증을 요구합니다
seen-site-edition = 사이트의 다른 판이 제공됨
    .now = 사이트의 다른 판이 제공됩니다
seen-content-stale = 가장 최근 항목이 예상보다 오래되었음
    .now = 가장 최근 항목이 예상보다 오래되었습니다
seen-content-shrunk = 목록이 평소보다 크게 줄었음
    .now = 목록이 평소보다 크게 줄었습니다
seen-content-nulls = 행은 있으나 값이 비어 있거나 변하지 않거나 날짜가 맞지 않음
    .now = 행은 있으나 값이 비어 있거나 변하지 않거나 날짜가 맞지 않습니다
seen-content-empty = 페이지는 제공되지만 내용이 없음
    .now = 페이지는 제공되지만 내용이 없습니다
seen-content-soft-404 = 없는 자료에 표시되는 페이지가 나옴
    .now = 없는 자료에 표시되는 페이지가 나옵니다
seen-content-redirected-home = 주소가 홈페이지로 리디렉션됨
    .now = 주소가 홈페이지로 리디렉션됩니다
seen-content-parked = 쓰이지 않거나 판매 중인 도메인의 페이지가 표시됨
    .now = 쓰이지 않거나 판매 중인 도메인의 페이지가 표시됩니다
seen-http-not-found = 서버가 페이지를 찾을 수 없다고 응답함
    .now = 서버가 페이지를 찾을 수 없다고 응답합니다
seen-http-gone = 서버가 페이지가 삭제되었다고 응답함
    .now = 서버가 페이지가 삭제되었다고 응답합니다
seen-content-withdrawn = 원문 보기 버튼이 보이지 않음
    .now = 원문 보기 버튼이 보이지 않습니다
seen-site-login = 사이트가 로그인을 요구함
    .now = 사이트가 로그인을 요구합니다
seen-site-phone = 사이트가 중국 본토 휴대전화 인증이나 실명 인증을 요구함
    .now = 사이트가 중국 본토 휴대전화 인증이나 실명 인증을 요구합니다
seen-site-paywall = 사이트가 구독이나 결제를 요구함
    .now = 사이트가 구독이나 결제를 요구합니다
seen-site-not-entitled = 사이트가 우리 기관을 인식하지 않음
    .now = 사이트가 우리 기관을 인식하지 않습니다
seen-site-seats = 사이트가 동시 이용자 수의 한도가 찼다고 알림
    .now = 사이트가 동시 이용자 수의 한도가 찼다고 알립니다
seen-site-geo-block = 사이트가 지역 제한을 이유로 접속을 거부함
    .now = 사이트가 지역 제한을 이유로 접속을 거부합니다
seen-site-legal-block = 서버가 구체적인 설명 없이 법적 사유로 접속을 거부함
    .now = 서버가 구체적인 설명 없이 법적 사유로 접속을 거부합니다
seen-site-ip-ban = 사이트가 이 IP 주소나 자동화된 접속을 이유로 접속을 거부함
    .now = 사이트가 이 IP 주소나 자동화된 접속을 이유로 접속을 거부합니다
seen-site-waf-block = 웹 방화벽이 이유를 밝히지 않고 접속을 거부함
    .now = 웹 방화벽이 이유를 밝히지 않고 접속을 거부합니다
seen-site-icp = ICP 등록이 만료되었다는 페이지가 표시됨
    .now = ICP 등록이 만료되었다는 페이지가 표시됩니다
seen-http-forbidden = 서버가 이유를 밝히지 않고 접속을 거부함
    .now = 서버가 이유를 밝히지 않고 접속을 거부합니다
seen-http-unauthorized = 서버가 로그인을 요구함
    .now = 서버가 로그인을 요구합니다
seen-http-client-error = 서버가 요청을 거부함
    .now = 서버가 요청을 거부합니다
seen-http-server-error = 서버에 내부 오류가 있음
    .now = 서버에 내부 오류가 있습니다
seen-http-no-reply = 응답 없이 연결이 닫혔음
    .now = 응답 없이 연결이 닫혔습니다
seen-http-reset = 응답이 다 오기 전에 연결이 재설정되었음
    .now = 응답이 다 오기 전에 연결이 재설정되었습니다
seen-http-timeout = 응답이 제시간에 다 오지 않았음
    .now = 응답이 제시간에 다 오지 않았습니다
seen-http-malformed = 응답을 읽을 수 없음
    .now = 응답을 읽을 수 없습니다
seen-http-redirect-loop = 주소가 같은 곳을 맴돌며 열리지 않음
    .now = 주소가 같은 곳을 맴돌며 열리지 않습니다
seen-http-bad-redirect = 작동하지 않는 주소로 이어짐
    .now = 작동하지 않는 주소로 이어집니다
seen-tls-reset = 암호화 연결을 맺는 동안 연결이 재설정되었음
    .now = 암호화 연결을 맺는 동안 연결이 재설정되었습니다
seen-tls-closed = 암호화 연결을 맺는 동안 연결이 닫혔음
    .now = 암호화 연결을 맺는 동안 연결이 닫혔습니다
seen-tls-timeout = 암호화 연결이 제시간에 맺어지지 않았음
    .now = 암호화 연결이 제시간에 맺어지지 않았습니다
seen-tls-alert = 서버가 암호화 연결을 맺는 도중에 중단함
    .now = 서버가 암호화 연결을 맺는 도중에 중단합니다
seen-tls-expired = 서버의 인증서가 기한이 지났음
    .now = 서버의 인증서가 기한이 지났습니다
seen-tls-wrong-host = 서버의 인증서가 다른 이름으로 발급되었음
    .now = 서버의 인증서가 다른 이름으로 발급되었습니다
seen-tls-untrusted = 서버의 인증서가 알 수 없는 기관에서 발급되었음
    .now = 서버의 인증서가 알 수 없는 기관에서 발급되었습니다
seen-tls-invalid = 서버의 인증서가 검증되지 않음
    .now = 서버의 인증서가 검증되지 않습니다
seen-tcp-refused = 연결이 거부되었음
    .now = 연결이 거부되었습니다
seen-tcp-reset = 연결이 재설정되었음
    .now = 연결이 재설정되었습니다
seen-tcp-timeout = 제시간에 연결되지 않았음
    .now = 제시간에 연결되지 않았습니다
seen-tcp-unreachable = 서버까지 가는 경로가 없음
    .now = 서버까지 가는 경로가 없습니다
seen-dns-nxdomain = 사이트 이름이 존재하지 않는다는 DNS 응답이 있었음
    .now = 사이트 이름이 존재하지 않는다는 DNS 응답이 있었습니다
seen-dns-no-answer = DNS 조회에서 사이트 이름에 주소가 없었음
    .now = DNS 조회에서 사이트 이름에 주소가 없었습니다
seen-dns-servfail = DNS 서버가 사이트 이름을 조회하지 못함
    .now = DNS 서버가 사이트 이름을 조회하지 못합니다
seen-dns-refused = DNS 서버가 답하기를 거절함
    .now = DNS 서버가 답하기를 거절합니다
seen-dns-timeout = DNS 서버가 제시간에 답하지 않음
    .now = DNS 서버가 제시간에 답하지 않습니다
seen-dns-bogon = DNS 조회 결과가 인터넷에 없는 주소였음
    .now = DNS 조회 결과가 인터넷에 없는 주소였습니다
seen-dns-forged = DNS 조회 결과가 위조되었음
    .now = DNS 조회 결과가 위조되었습니다
seen-vantage-offline = 대조 페이지가 응답하지 않음
    .now = 대조 페이지가 응답하지 않습니다
seen-vantage-proxy = 프록시가 작동하지 않음
    .now = 프록시가 작동하지 않습니다
seen-vantage-captive = 대조 페이지 대신 현지 로그인 페이지가 응답함
    .now = 대조 페이지 대신 현지 로그인 페이지가 응답합니다
seen-vantage-intercepted = 경로상의 다른 장비가 대조 페이지 대신 응답함
    .now = 경로상의 다른 장비가 대조 페이지 대신 응답합니다
seen-vantage-clock = 시계가 맞지 않음
    .now = 시계가 맞지 않습니다
seen-vantage-moved = 접속에 쓰이는 국가나 네트워크가 바뀌었음
    .now = 접속에 쓰이는 국가나 네트워크가 바뀌었습니다
seen-skipped-robots = 사이트의 요청에 따라 프로그램으로 접속하지 않음
    .now = 사이트의 요청에 따라 프로그램으로 접속하지 않습니다
seen-skipped-back-off = 당분간 이 사이트에 대한 접속을 쉬고 있음
    .now = 사이트의 요청에 따라 접속을 쉬고 있습니다
seen-insufficient = 판단하기에 충분하지 않음
    .now = 판단하기에 충분하지 않습니다
seen-next-level = { $level } 이용으로 이어지는 링크나 버튼이 보이지 않음
    .now = { $level } 이용으로 이어지는 링크나 버튼이 보이지 않습니다
seen-way-barred = { $level } 이용으로 이어지는 링크나 버튼은 있으나 더 이상 작동하지 않음
    .now = { $level } 이용으로 이어지는 링크나 버튼은 있으나 더 이상 작동하지 않습니다
seen-unproven-level = { $level } 이용으로 이어지는 링크나 버튼을 더 이상 확인할 수 없음
    .now = { $level } 이용으로 이어지는 링크나 버튼을 더 이상 확인할 수 없습니다
seen-not-within = { $n }초 안에 응답이 다 오지 않았음
    .now = { $n }초 안에 응답이 다 오지 않았습니다
seen-controls-in-trouble = 대조 페이지가 모두 서버 오류로 응답함
    .now = 대조 페이지가 모두 서버 오류로 응답합니다
# `vantage.offline` where the agent of the vantage did not report.
seen-agent-silent = 에이전트의 보고가 들어오지 않음
    .now = 에이전트의 보고가 들어오지 않습니다

## What the vantages mean together, and what that leaves open.

finding-insufficient = 관측 지점 하나만으로는 판단할 수 없음
    .open = 사이트의 문제인지, 그곳까지 가는 경로의 문제인지 알 수 없습니다. 다른 네트워크에 관측 지점을 하나 더 두면 더 많은 것을 알 수 있습니다.
finding-accessible = 모든 관측 지점에서 이상 없음
    .open = 다른 계정을 쓰거나 다른 곳에 있는 이용자에게 무엇이 보이는지는 알 수 없습니다.
finding-network-interference = 사이트에 이르기 전, 네트워크에서 일어남
    .open = 누가, 경로의 어디에서, 무슨 이유로 그러는지는 알 수 없습니다.
finding-geo-restricted = 지역에 따라 제공되거나 거부됨
    .open = 그 이유가 무엇인지, 지역의 모든 이용자에게 해당하는지, 계속될 것인지는 알 수 없습니다.
finding-address-restricted = 네트워크의 종류에 따라 제공되거나 거부됨
    .open = 네트워크의 종류 때문인지, 이 주소 하나 때문인지는 알 수 없습니다.
finding-program-refused = 자동 점검 프로그램의 접속을 허용하지 않음
    .open = 이용자가 브라우저에서 무엇을 보는지는 사람이 확인하기 전에는 알 수 없습니다.
finding-access-control = 로그인, 구독, 또는 인식된 기관임을 요구함
    .open = 구독 계약, 접속 주소, 사이트의 규정 가운데 무엇이 바뀌었는지는 알 수 없습니다.
finding-replaced = 알려진 페이지 자리에 다른 페이지가 제공됨
    .open = 이용자에게도 같은 페이지가 나오는지, 왜 그 페이지가 제공되는지는 알 수 없습니다.
finding-maintenance = 시스템 점검이 공지됨
    .open = 안내에 적혀 있지 않다면, 점검이 언제 끝나는지는 알 수 없습니다.
finding-withdrawn = 사이트는 응답하지만 내용의 일부가 없음
    .open = 그 이유가 무엇인지, 계속될 것인지, 다른 계정을 쓰는 이용자에게 무엇이 보이는지는 알 수 없습니다.
finding-rot = 사이트는 응답하지만 이 주소가 자료로 이어지지 않음
    .open = 자료가 없어졌는지 옮겨졌을 뿐인지는 알 수 없습니다. 제목으로 검색하면 찾을 수도 있습니다.
finding-outage = 중국 본토 내를 포함한 모든 곳에서 접속 불가
    .open = 서비스가 중단된 이유는 알 수 없습니다.
finding-unreachable = 모든 관측 지점에서 접속 불가
    .open = 서비스 장애인지, 해외 주소에 대해 닫은 것인지는 알 수 없습니다.
finding-changed = 페이지가 바뀌었음
    .open = 이용자가 잃은 것이 있는지는 알 수 없습니다. 화면 개편도 프로그램에는 똑같이 보입니다.
finding-divided = 관측 지점마다 다르며, 증거로는 그 이유를 알 수 없음
    .open = 관측 지점마다 다른 이유는 알 수 없습니다.
finding-refused-by-region = 사이트가 지역 또는 법적 사유를 들어 거부함

## What readers get.

state-open = 접속 가능
state-less = 일부 제한
state-closed = 접속 불가
state-unknown = 확인 불가

## Levels of access.

level-home = 홈페이지
level-search = 검색
level-abstract = 초록
level-fulltext = 원문
level-data = 데이터
level-api = 인터페이스(API)

## Kinds of networks.

network-campus = 캠퍼스
network-office = 사무실
network-residential = 가정
network-datacentre = 데이터 센터
network-vpn = VPN

## What a probe's file expects, and values beyond their limits.

expected-select = 선택자
expected-level = 다음 단계의 표지
expected-status = 상태 코드
expected-host = 호스트
expected-title = 제목
expected-title-not = 제목에 없어야 하는 것
expected-contains = 본문
expected-contains-not = 본문에 없어야 하는 것
expected-type = 형식
expected-bytes = 크기(바이트)

## What became of a control.

control-line = { $url }: { $seen }
control-passed = 통과
control-answered = HTTP { $status } 응답
control-other-page = 정해진 것과 다른 페이지로 응답함
control-timed-out = 시간 초과
control-reset = 연결이 재설정됨
control-closed = 응답 없이 연결이 닫힘
control-refused = 연결이 거부됨
control-unreachable = 도달할 경로가 없음
control-no-name = 이름을 찾지 못함({ $failure })
control-certificate = 인증서가 검증되지 않음({ $failure })
control-out-of-date = 이 시계의 날짜로는 인증서가 유효하지 않음
control-proxy = 프록시 오류({ $failure })
control-other = 실패({ $failure })
