### The pages: their frame, the sentence of the day, lists, figures, sign-in, method.

## The frame of every page.

skip = 본문으로 건너뛰기
nav-pages = 페이지 목록
nav-language = 언어
nav-today = 오늘
nav-sources = 자료원
nav-matrix = 지점별 현황
nav-incidents = 이상 보고
nav-vantages = 관측 지점
nav-method = 방법
sign-in = 로그인
sign-out = 로그아웃
footer = accesswatch는 무엇이 어디에서 관측되었는지를 알릴 뿐, 그 이유는 알지 못합니다.
demo-line = 시연: 가상의 사이트, { $from }~{ $to }
changed-at = { $time }에 갱신됨
copy = 복사
no-answer-since = { $time }부터 accesswatch가 응답하지 않음

## Times.

ago = { $lasted } 전

## Between the clauses of a sentence.

mark-stop = {". "}
mark-parts = {", "}
mark-parts-two = {", "}
mark-parts-last = {", "}

## The first sentence of the day.

today-no-source = 아직 관측하는 자료원이 없습니다.
today-no-check = 아직 점검한 것이 없습니다. `accesswatch run` 명령으로 첫 점검을 시작합니다.
today-own-end = 오늘은 알 수 없습니다. 관측 지점 { $n }곳 모두에서 우리 쪽 연결이 끊겼으며, 이를 자료원 탓으로 보지 않습니다.
today-before = 그 이전: { $sentence }
today-stopped = 오늘은 알 수 없습니다. 마지막 점검: { $time }.
today-then = 그때: { $sentence }
today-all-unknown = 오늘은 자료원 { $n }곳 모두 확인할 수 없습니다.
today-all-open = 관측된 범위에서 자료원 { $n }곳 모두 평소대로 이용할 수 있습니다.
today-some = 자료원 { $n }곳 가운데 { $a }곳을 평소대로 이용할 수 있습니다.
today-less = { $n }곳은 제공하는 내용이 이전보다 줄었고
today-less-end = { $n }곳은 제공하는 내용이 이전보다 줄었습니다.
today-closed = { $n }곳은 접속할 수 없으며
today-closed-end = { $n }곳은 접속할 수 없습니다.
today-unknown-end = { $n }곳은 확인할 수 없습니다.
today-usual = { $n }곳은 관측을 시작한 때부터 제한되어 있습니다.
seen-pass = 관측 지점 { $total }곳 가운데 { $usable }곳의 점검 기준: { $time }.
vantage-down = { $vantage }: { $since }부터 우리 쪽 연결이 끊겨, 그곳에서는 아무 결론도 내리지 않습니다.
next-pass = 다음 점검 예정: { $time }.
missed-pass = 예정된 점검이 이루어지지 않았습니다: { $time }.

## What is not open, and what still works.

not-open = 정상적으로 접속되지 않는 자료원
since-lasted = { $since }부터, { $lasted }.
report-link = 보고 #{ $id }
looked-after = 담당자: { $by }.
nobody-looks = 아직 담당자가 없습니다.
instead = 대체 수단: { $what }.
usual = 관측을 시작한 때부터 그러했습니다.
lost = { $probe }: { $seen }.
lost-from = { $probe }({ $places }에서 관측): { $seen }.
open-from = { $probe }: 접속 가능({ $places }).
works-still = 계속 접속 가능: { $probes }.
reason-own-end = 그 관측 지점의 우리 쪽 연결이 끊겼습니다
reason-robots = 사이트가 자동 접속을 삼가 달라고 하여 관측하지 않습니다
reason-back-off = 당분간 이 사이트에 접속하지 않기로 하여 지금은 관측하지 않습니다
reason-never = 아직 점검한 적이 없습니다
reason-late = 예정된 점검이 이루어지지 않았습니다
reason-no-data = 두 주 동안 관측된 것이 없습니다
reason-declined = 사이트가 프로그램의 접속을 받아들이지 않으나, 이용자는 접속할 수 있을지도 모릅니다
reason-insufficient = 판단할 수 있을 만큼 관측되지 않았습니다
reason-client = 서버의 암호화 방식을 우리 프로그램이 지원하지 않습니다
reason-provisional = 페이지에 있어야 할 내용이 아직 확정되지 않았습니다
reason-person = { $day }에 사람이 확인했습니다({ $network })
own-end-word = 관측 지점 오프라인
not-watched-word = 관측하지 않음
partly-known = 점검 { $all }개 가운데 { $known }개를 확인할 수 있습니다.
more-sources = 그 밖에 { $n }곳: 모든 자료원 보기
and-more = 그 밖에 { $n }곳

## What a person may answer.

ask-heading = 정상적으로 이용할 수 있습니까?
ask-open = 브라우저에서 열어 보십시오. { $look }
ask-command = 이 페이지에서는 기록할 수 없습니다. 본 것을 accesswatch 담당자가 다음 명령으로 기록합니다.
act-works = 정상적으로 이용됨
act-partial = 일부만 이용됨
act-refused = 접속이 거부됨
act-network = 접속한 네트워크(학내, 가정, 휴대전화 등)
act-saw = 페이지에 표시된 문구(그대로)
act-by = 이름

## Lists, tables and figures.

by-group = 분류별
group = 분류
group-caption = 분류와 상태별 자료원 수
not-watched = 관측하지 않는 자료원과 그 이유
why-disabled = 모든 점검이 꺼져 있음
why-no-probe = 점검이 없음
why-consent = 이곳에서 접속하려면 동의가 필요함
why-robots = 사이트가 자동 접속을 삼가 달라고 함
planned = 예정된 일정
planned-line = { $source }, { $from }~{ $to }: { $text }
strip-label = { $place }, { $n }일: { $spans }
strip-span = { $from }부터 { $state }
strip-weeks = 주 단위로 표시
strip-nothing = 예정된 점검 없음
strip-unseen = 관측되지 않음
strip-key = 범례
strip-half = 하루 점검의 절반
strip-table = 날짜별 표
head-source = 자료원
head-probe = 점검 대상
head-state = 상태
head-since = 시작
head-vantage = 관측 지점
head-level = 단계
head-from = 부터
head-to = 까지
head-checks = 점검 횟수
head-watched = 관측 여부
head-report = 보고
head-what = 내용
head-ended = 종료
head-day = 날짜
head-figures = 정상 제공
yes = 예
figures = 관측된 { $seen }% 가운데 { $ok }% 정상
figures-none = 관측된 것 없음
search-label = 이름과 호스트 검색
search-go = 검색
search-none = 이름이나 호스트에 해당하는 자료원이 없습니다.
source-count = 자료원 { $n }곳

## A source.

ladder-heading = 어디까지 이용할 수 있는가
ladder-all = 모든 자료
ladder-level-seen = 4단계 가운데 { $n }단계를 관측합니다.
ladder-rule = 원문은 원문 보기 버튼이 보인다는 뜻이며, 내려받지는 않습니다. 점검이 없는 단계는 관측하지 않은 것이며 추정하지 않습니다.
ladder-label = { $record }: { $levels }
ladder-table = 단계별 표
ladder-beside = 데이터와 인터페이스
days-heading = 최근 { $n }일
days-note = 날짜는 UTC 기준입니다. 백분율은 예정된 점검 가운데 관측된 비율과 함께 표시합니다.
incidents-heading = 이상 보고
incidents-none = 최근 90일 동안 없습니다.
ongoing = 진행 중
ended = { $day } 종료
timeline-heading = 이 자료원에 관해 알려진 일
notes-heading = 메모
alternatives-heading = 대체 수단
catalogue-heading = 목록에 쓸 안내문
reference = 출처
homepage = 자료원 홈페이지
access-public = 평소 누구나 이용 가능
access-login = 평소 로그인 필요
access-subscription = 평소 구독 필요

## Sign-in, and pages that say what is wrong.

token-label = 토큰(접속 암호)
token-note = 토큰은 설정 파일의 `[web] token` 또는 `read_token` 값입니다. 쿠키로 30일 동안 로그인 상태를 유지합니다.
token-wrong = 알 수 없는 토큰입니다.
token-wait = 시도가 너무 많습니다. { $lasted } 뒤에 다시 시도해 주십시오.
token-none = 토큰이 설정되지 않아 로그인할 수 없습니다. `config/accesswatch.toml`의 `[web] token`을 설정한 뒤 다시 시작해 주십시오.
not-found = 없는 페이지입니다
not-found-note = 자료원 목록에서 모든 자료원을, 오늘 페이지에서 바뀐 것을 볼 수 있습니다.
unreadable = accesswatch가 기록을 읽을 수 없습니다
unreadable-note = 그동안은 어떤 자료원에 대해서도 알 수 없습니다. `accesswatch doctor` 명령이 원인과 할 일을 알려 줍니다.
refused = 처리하지 않았습니다
refused-form = 이 접속에서 온 양식이 아니거나 빠진 내용이 있습니다. 이전 페이지를 새로 고친 뒤 다시 보내 주십시오.

## What states and figures mean.

method-heading = 용어와 수치의 뜻
method-states = 상태
method-open = 페이지가 있어야 할 내용과 함께 제공되었습니다. 모습이 바뀌었거나 주소만 옮긴 페이지도 접속 가능으로 봅니다.
method-less = 사이트는 응답하지만 원문 보기 버튼, 새 자료, 값, 평소의 판 가운데 일부가 없습니다.
method-closed = 거부되거나, 로그인을 요구받거나, 다른 페이지가 나오거나, 응답이 없어 이용자가 찾는 것을 전혀 얻지 못합니다.
method-unknown = 사이트가 프로그램을 받아들이지 않았거나, 점검하지 못했거나, 관측이 부족하여 알 수 없습니다. 우리가 볼 수 없었다는 이유로 접속 불가라고 하지 않습니다.
method-own-end = 관측 지점 자체의 연결이 끊긴 상태입니다. 그곳에서는 아무 결론도 내리지 않습니다.
method-source = 알려진 모든 페이지가 모든 관측 지점에서 접속 가능하면 자료원은 접속 가능, 모두 접속 불가이면 접속 불가, 그 밖에는 일부 제한입니다. 알려진 것이 없으면 확인 불가입니다.
method-usual = ‘관측을 시작한 때부터’는 첫 점검 때 이미 제한되어 있었다는 뜻이며, 변화로 보지 않습니다.
method-person = 사람이 브라우저에서 본 것은 확인할 수 없는 상태를 7일 동안 대신합니다.
method-findings = 종합 판단
method-findings-note = 관측 지점들을 종합한 판단과, 그것으로 알 수 없는 것입니다.
method-figures = 이용 가능률과 관측률
method-availability = 이용 가능률은 판단할 수 있었던 점검 가운데 정상적으로 제공된 점검의 비율입니다. 우리 쪽의 실패는 제외합니다.
method-coverage = 관측률은 예정된 점검 가운데 판단할 수 있었던 점검의 비율이며, 백분율은 언제나 이와 함께 표시합니다.
method-strips = 막대의 한 칸은 하루이며, 아래부터 접속 불가, 일부 제한, 접속 가능한 점검의 비율만큼 채웁니다. 빗금은 관측되지 않은 것, 점은 우리 쪽 연결 문제, 빈칸은 예정된 점검이 없는 날입니다.
method-differ = 막대는 상태를 세고, 이용 가능률은 uptime.csv의 열을 셉니다. 주소가 옮겨졌거나, 다른 판이나 점검 안내가 나오거나, 사이트가 프로그램을 받아들이지 않은 경우에 둘이 다릅니다.
method-limits = 프로그램은 페이지를 볼 뿐 이용자를 보지 못합니다. 다른 계정이나 다른 장소의 이용자에게 무엇이 보이는지, 사이트가 왜 그러는지는 이것으로 알 수 없습니다.

## Incidents, the matrix and the vantages.

incidents-all = 종료된 것도 보기
incidents-ongoing = 진행 중인 것만 보기
from-where = 관측 지점별
what-decided = 판단 근거
story-heading = 지금까지의 경과
evidence-heading = 증거
evidence-list = 판단에 쓰인 측정 기록
matrix-caption = 관측 지점별 자료원의 상태와 최근 점검 시각
vantage-works = 정상 작동
vantage-coverage = 최근 30일 동안 예정된 점검의 { $n }%를 관측했습니다.
vantage-only = 이 지점에서만 제한됨:
act-heading = 할 수 있는 일
act-commands = 이 페이지에서는 기록할 수 없습니다. accesswatch가 실행되는 곳에서 다음 명령으로 할 수 있습니다.
act-take = 제가 담당합니다
act-withdraw = 담당 해제
act-until = 알림 중지 기한
act-silence = 알림 중지
act-unsilence = 알림 재개
act-look = 지금 다시 확인
act-note = 메모
act-add = 추가
refused-over = 이미 종료되었거나 자료원에 속하지 않는 보고입니다. 진행 중인 것만 바꿀 수 있습니다.

## Reports and feeds.

nav-reports = 보고서
reports-make = 기간 보고서
reports-note = 읽고 인쇄하고 보관할 수 있는 파일 하나입니다. 방법과 근거 수치의 SHA-256을 담습니다. 날짜는 UTC 기준이며 양 끝 날짜를 포함합니다.
reports-from = 첫날
reports-to = 마지막 날
reports-all = 모든 자료원
reports-go = 보고서 만들기
reports-tables = 근거 표
reports-refused = 보고서에는 이른 날부터 순서대로 두 날짜와, 목록에 있는 자료원이나 분류가 필요합니다.
reports-busy = 다른 보고서를 만들고 있습니다. 잠시 후 다시 시도하십시오.
feeds-heading = 피드와 배지
feeds-note = 이 주소는 피드 리더, 일정 프로그램, 웹 페이지에 쓸 수 있습니다. 키가 든 주소를 가진 사람은 그 내용을 볼 수 있습니다.
feeds-events = 변화 피드
feeds-calendar = 예정된 일정 달력
feeds-badge = 자료원 상태 배지

## A page that is watched.

head-checked = 최근 점검
head-median = 중앙값(ms)
head-slow = p95, 느린 쪽 5%(ms)
head-value = 값
head-expected = 기대하는 것
latency-heading = 불러오는 시간
latency-note = 하루 중 평소대로 제공된 점검의 중앙값(p50)과 가장 느린 5%의 경계(p95)를 밀리초로 나타냅니다. 그런 점검이 없는 날에는 선이 끊깁니다.
latency-label = { $place }: { $day } 중앙값 { $p50 } ms, p95 { $p95 } ms
phases-heading = 점검의 단계별 시간
phases-note = 마지막 정상 점검을 위에, 마지막 비정상 점검을 아래에 같은 축척으로 나타냅니다.
phase-good = 마지막 정상: { $day }
phase-bad = 마지막 비정상: { $day }
phase-dns = 이름 조회
phase-connect = 연결
phase-tls = 암호화
phase-wait = 첫 바이트
phase-rest = 나머지
values-heading = 값
value-limit = 한계: { $limit }.
value-expected = 다음 예정일: { $day }.
value-label = { $name }: { $day } 값 { $value }
expect-heading = 페이지에 있어야 하는 것
expect-note = 각 관측 지점의 저장된 최근 점검 결과입니다.
expect-held = 있음
expect-missing = 없음
config-heading = 설정
config-note = 헤더는 이름만, 본문은 크기만 표시합니다.
chart-table = 최근 30일의 수치를 표로 보기
chart-csv = 모든 날짜를 CSV로
tables-csv = CSV 파일:
remark-flapping = 상태가 반복해서 바뀜
cited-here = { $host }의 인용된 링크 { $n }개
strip-planned = { $from }부터 { $to }까지 예정된 일정
strip-planned-word = 예정된 일정
place-line = { $n }행
place-page = { $n }쪽
place-paragraph = { $n }번째 문단
place-footnote = 각주 { $n }
place-endnote = 미주 { $n }
place-slide = 슬라이드 { $n }
place-speaker-notes = 슬라이드 { $n }의 메모
place-header = 머리글
place-footer = 바닥글
place-entry = 항목 { $key }
place-cell = 셀 { $cell }
place-sheet-cell = 시트 { $sheet }, 셀 { $cell }

## The comparison of an incident, its exchange and its mails.

compare-heading = 마지막 정상과 첫 비정상
compare-seen = { $vantage }에서 관측했습니다.
compare-no-good = 이전의 정상 응답이 저장되어 있지 않아 비교할 수 없습니다.
compare-caption = 페이지에 있어야 하는 것
compare-text = 달라진 문장
compare-same = 화면에 보이는 본문은 같습니다.
compare-facts = 응답
compare-open = 이는 프로그램이 받은 두 응답을 보여 줄 뿐이며, 로그인한 이용자가 보는 내용이나 페이지가 달라진 이유는 보여 주지 않습니다.
no-text-kept = 본문을 저장하지 않는 자료원입니다
no-text-purged = 저장한 본문이 이미 삭제되었습니다
no-text-fetched = 받은 내용이 없습니다
no-text-binary = 텍스트가 아닙니다
head-good = 마지막 정상
head-bad = 첫 비정상
head-was = 이전
head-is = 이후
fact-status = 상태 코드
fact-address = 주소
fact-title = 제목
fact-size = 크기
hops-heading = 단계별 요청과 응답
head-step = 단계
head-answer = 응답
head-took = 소요 시간
evidence-kept = 보존 기록 { $record }
mails-heading = 메일
mails-none = 이에 관해 작성된 메일이 없습니다.
mail-sent = { $time } 발송
mail-waits = { $time }부터 대기 중
mail-settled = 더 새로운 내용으로 대체되어 발송하지 않음

## Vantages, health, planned events and the matrix.

vantage-days-note = 이 지점의 모든 점검을 결과별로 합한 것입니다.
controls-heading = 대조 페이지
controls-passed = 최근 점검에서 대조 페이지 { $all }개 가운데 { $passed }개가 정상이었습니다.
agent-report = 이 관측 지점의 에이전트(버전 { $version })는 { $heard }에 마지막으로 보고했으며, 아직 보내지 못한 기록이 { $waits } kB 있습니다.
agent-round = 최근 점검은 { $at }에 이루어졌습니다.
outages-heading = 지점 자체의 연결 중단
outages-none = 최근 90일 동안 없었습니다.
vantage-sees = 이 지점에서 본 상태
nav-health = 운영 상태
health-fine = 예정된 점검이 모두 이루어졌고 막힌 메일이 없습니다.
health-stuck = { $time }부터 메일이 하나도 받아들여지지 않고 대기하고 있습니다.
health-caption = 점검, 메일, 저장소, 버전
health-pass = 마지막 점검
health-waiting = 대기 중인 메일
health-next-mail = 다음 발송 시도
health-sent = 발송한 메일
health-database = 데이터베이스
health-measurements = 저장된 측정
health-oldest = 가장 오래된 측정
health-evidence = 증거
health-program = 프로그램 버전
health-schema = 데이터베이스 버전
health-late = 지연된 점검
holiday-line = { $calendar }: { $from }~{ $to } 휴무
holiday-estimated = 추정
matrix-filter = 보기
matrix-any = 전체
matrix-days = 자료원별 최근 { $n }일
newest-expected = 최신 { $newest }, 다음 예정 { $expected }
newest-value = 최신 { $newest }

## Documents and the links that they cite.

nav-documents = 문헌
documents-note = 문헌이 인용한 링크를 문헌별, 상태별로 나타냅니다. 모든 관측 지점에서 거듭 확인된 링크만 사라진 것으로 셉니다.
documents-none = 아직 가져온 문헌이 없습니다. `accesswatch links import FILE`로 가져옵니다.
document-watched = 주시 중: 변화가 있으면 바로 메일을 보냅니다
links-title = 인용된 링크
links-colon = {": "}
links-host = 호스트
links-all = 모든 상태
links-none = 해당하는 링크가 없습니다.
head-document = 문헌
head-date = 날짜
head-links = 링크
head-cited = 인용 내용
head-place = 위치
head-instead = 대신 인용할 것
cited-on = 인용일: { $day }
citation-ended = 문헌에서 더 이상 인용하지 않음
cited-by-heading = 인용한 곳
passage-heading = 인용한 대목
repair-heading = 붙여 넣을 참고 문헌
link-compare-heading = 인용 당시와 지금
link-compared = { $day }의 페이지와 비교했습니다.
link-differed = { $day }의 페이지는 이와 달랐습니다.
link-ignored = 점검하거나 세거나 메일로 알리지 않습니다.
link-doubtful = 다른 상태가 관측되었고 아직 확인되지 않았습니다.
link-person = 사람이 브라우저에서 본 내용입니다.
link-already = 처음 점검할 때부터 그랬습니다.
link-says-other = 페이지 내용이 인용한 내용과 다릅니다
link-last-served = 마지막으로 제공된 때
link-first-gone = 처음 사라진 것으로 관측된 때
link-leads-to = { $to }(으)로 연결됩니다.
link-observed = 사람이 브라우저에서 열어 봄: { $to }
link-observed-by = { $by } 님이 브라우저에서 열어 봄: { $to }
link-accepted = 지금의 페이지를 인용한 내용으로 인정했습니다.
link-accepted-by = { $by } 님이 지금의 페이지를 인용한 내용으로 인정했습니다.
link-back = 다시 제공됩니다.
link-host-event = 이 호스트의 많은 링크가 함께 실패했습니다. 다시 점검한 뒤에 셉니다.
checks-heading = 최근 점검
link-act-ok = 열립니다
link-act-gone = 사라졌습니다
link-act-drifted = 내용이 다릅니다
link-act-refused = 접속이 거부됩니다
link-act-accept = 지금의 페이지를 인용한 내용으로 인정
link-act-why = 이유
link-act-ignore = 점검 중지
link-act-unignore = 다시 점검
