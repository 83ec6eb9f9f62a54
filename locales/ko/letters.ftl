### Letters: subjects, first lines, headings, labels and sentences.

## Punctuation between words.

mark-colon = {": "}
mark-heading = :
mark-list = {", "}
mark-clause = {", "}
mark-item = {"; "}
mark-open = {" ("}
mark-close = )

## Subjects. They name the state, and stay the same as long as it lasts.

subject-one = { $source }, { $probe }: { $state } (보고 #{ $id })
subject-several = { $source }, { $probe }: { $state } (보고 { $id })
subject-vantage = { $vantage }: { $state } (보고 #{ $id })
subject-path = 중국 본토로 가는 경로: { $state } (보고 #{ $id })
subject-improved = { $source }, { $probe }: 이전보다 나아짐 ({ $day })
subject-no-data = { $source }, { $probe }: 확인 불가, 2주 동안 관측되지 않음 ({ $day })
subject-flapping = { $source }: 상태가 반복해서 바뀜 ({ $day })
subject-first-letter = 오늘의 접속 현황: 페이지 { $count }개 중 { $good }개 접속 가능 ({ $day })
subject-digest = 접속 변동 요약: { $state } ({ $day })
subject-test = accesswatch: 시험 메일 ({ $day })
subject-again = 다시 접속 가능
subject-own-end = 관측 지점 오프라인
subject-works-again = 다시 작동
subject-path-down = 접속 불가
subject-going-on = 계속되는 보고 { $open }건
subject-changes = 변동 { $events }건

## First lines.

lead-scope-one = 유일한 관측 지점인 { $vantage }
lead-scope-all = 관측 지점 { $total }곳 모두
lead-scope-some = 관측 지점 { $total }곳 중 { $n }곳
lead-since = { $since }부터 { $vantages } 점검에서 { $tells }.
lead-since-before = 이전: { $before }.
lead-since-newest = 가장 최근 자료는 { $date } 것입니다.
lead-since-unchanged = { $date } 내용이 그대로 나옵니다.
lead-reminded = { $since }부터 { $lasted }째 { $vantages } 점검에서 { $tells }.
lead-news = { $day }에 보낸 메일 이후 새로운 점: { $news }.
lead-no-news = { $day }에 보낸 메일 이후 달라진 것이 없습니다.
lead-works = 계속 이용 가능: { $works }.
lead-instead = 대체 수단: { $instead }.
lead-look = 지금 할 일: 브라우저에서 페이지를 열어 보고, 아래에서 본 대로 알려 주십시오.
lead-look-once = 지금 할 일: 브라우저에서 자료 하나를 열어 { $level } 이용이 가능한지 보고, 아래에서 알려 주십시오.
lead-observed = 확인된 내용: { $seen }.
lead-ended = { $source } { $probe }: 이전과 같이 다시 이용할 수 있습니다.
lead-ended-otherwise = { $source } { $probe }: 보고 #{ $id } 건은 끝났으나 모든 것이 이전과 같지는 않습니다. 현재: { $seen }.
lead-lasted = 장애 지속 기간: { $from }부터 { $to }까지 { $lasted }. 그동안의 상태: { $seen } ({ $vantages }).
lead-nothing-to-do = 따로 할 일은 없습니다.
lead-watched-on = 계속 관측하며, 나빠지면 새로 알립니다.
lead-vantage-opened = 자료원의 문제가 아닙니다. 지금은 { $vantage }에서 점검할 수 없습니다.
lead-vantage-ended = { $vantage }에서 다시 점검할 수 있습니다.
lead-network-opened = 자료원의 문제는 아닌 것으로 보입니다. { $vantage }에서만 페이지 { $count }개가 한꺼번에 접속되지 않았습니다.
lead-network-ended = { $vantage }에서 한꺼번에 접속되지 않던 페이지들이 회복되었습니다.
lead-path-opened = 자료원 하나의 문제는 아닌 것으로 보입니다. { $vantage }에서 누구에게나 공개된 중국 본토의 페이지들이 함께 접속되지 않습니다.
lead-path-ended = { $vantage }에서 중국 본토로 가는 경로가 회복되었습니다.
lead-own-end = { $since }부터 { $tells }.
lead-own-end-lasted = 장애 지속 기간: { $from }부터 { $to }까지 { $lasted }. 그동안의 상태: { $seen }.
lead-way-since = { $since }부터 이어지고 있습니다. 경로의 어디에서, 왜 접속되지 않는지는 알 수 없습니다.
lead-improved = { $source } { $probe } 이용자에게 좋은 소식: 지금까지 관측한 것보다 나아졌습니다.
lead-improved-seen = { $since }부터 { $vantages } 점검에서 { $tells }. 이전: { $before }.
lead-no-data = 이용자에게 영향이 있는지 알 수 없음: 자동 점검 프로그램이 { $source } { $probe } 페이지를 더 이상 볼 수 없습니다.
lead-no-data-since = 관측되지 않은 곳: { $vantages }.
lead-flapping = 이용이 불안정함: { $source } { $probe }의 상태가 반복해서 바뀝니다.
lead-flapping-seen = 관측된 곳: { $vantages }.
lead-letter-all-well = 오늘은 모두 정상입니다. 살펴본 페이지 { $count }개를 모두 이용할 수 있습니다.
lead-letter-some = 살펴본 페이지 { $count }개 가운데 { $bad }개는 오늘 일부만 이용할 수 있거나 이용할 수 없습니다.
lead-letter-nothing = 오늘은 아무것도 살펴볼 수 없었습니다.
lead-digest = 지난 요약 이후 메일로 알리지 않은 변동 { $events }건을 모았습니다.
lead-digest-open = 아직 계속되는 보고: { $open }건.
lead-test = 시험 메일입니다. 알림이 이 주소로 전달됩니다.

## How serious a loss is, and for whom: the first line of a report.

weight-closed = 심각: { $source } { $probe } 이용자의 접속이 거부됩니다({ $scope }).
weight-reach = 계속되면 심각: { $source } { $probe } 이용자가 접속할 수 없습니다({ $scope }).
weight-replaced = 심각: { $source } { $probe } 이용자에게 원래와 다른 페이지가 나옵니다({ $scope }).
weight-next-level = 심각: { $source } { $probe } 이용자에게 { $level } 이용이 제공되지 않습니다({ $scope }).
weight-unproven = 심각하거나 단순한 화면 개편: { $source } { $probe } 이용자에게 { $level } 이용이 아직 제공되는지 더 이상 확인할 수 없으며({ $scope }), 사람이 확인할 때까지 이 부분은 관측되지 않습니다.
weight-unseen = 심각하거나 단순한 기술 변경: { $source } { $probe } 이용자에게 무엇이 제공되는지 더 이상 확인할 수 없으며({ $scope }), 사람이 확인할 때까지 이 부분은 관측되지 않습니다.
weight-text = 심각: { $source } { $probe } 이용자에게 본문이 없는 페이지가 나옵니다({ $scope }).
weight-figures = 데이터 이용자에게 중요: { $source } { $probe } 자료가 오래되었거나 빠졌거나 비어 있습니다({ $scope }).
weight-rot = 링크 이용자에게 중요: { $source } { $probe } 주소가 더 이상 해당 자료로 이어지지 않습니다({ $scope }).
weight-maintenance = 일시적일 것으로 보임: { $source } { $probe } 사이트에 시스템 점검 안내가 있습니다({ $scope }).
weight-slight = 경미: { $source } { $probe } 화면이 달라졌지만 이용할 수 있습니다({ $scope }).
weight-declined = 이용자에게 영향이 있는지 알 수 없음: { $source } { $probe } 사이트가 자동 점검 프로그램의 접속을 허용하지 않습니다({ $scope }).
weight-unclear = 이용자에게 영향이 있는지 알 수 없음: { $source } { $probe } 상태를 판단하기에 관측된 것이 충분하지 않습니다({ $scope }).

## Headings.

heading-page-says = 페이지에 표시된 문구
heading-seen-from = 관측 지점별 결과 ({ $zone })
heading-note = 도서관 목록(OPAC)에 붙일 안내문(제안)
heading-notes = 이 자료원에 관한 참고 사항
heading-observed = 사람이 브라우저에서 확인한 것
heading-story = 지금까지의 경과
heading-technician = 기술 담당자용
heading-evidence = 증거
heading-evidence-past = 장애 당시의 증거
heading-more-evidence = 그 밖의 증거
heading-grounds = 종합 판단의 근거
heading-answer = 직접 접속해 보셨습니까?
heading-folded = 함께 접속되지 않은 페이지
heading-restricted = 처음 관측할 때부터 제한된 페이지
heading-well = 정상인 페이지
heading-unobserved = 관측되지 않은 페이지
heading-vantages = 관측 지점
heading-events = 변동
heading-held = 메일로 알리지 않은 보고
heading-open = 계속되는 보고
heading-standing = 사람의 확인을 기다리는 것

## Labels before a colon, and heads of columns.

label-url = 주소
label-before = 이전
label-now = 현재
label-finding = 종합 판단
label-verdict = 판정
label-controls = 대조 페이지
label-checks = 점검
label-first-bad = 이상 최초 확인
label-last-good = 마지막 정상 확인
label-ended = 종료
label-lasted = 장애 지속 기간
label-since = 시작
label-vantage = 관측 지점
label-vantages = 관측 지점
label-result = 결과
label-phases = 경과
label-also-affected = 함께 영향을 받은 항목
label-not-affected = 영향 없음
label-alternatives = 대체 수단
label-vendor = 문의처
label-licence = 구독 만료일
label-catalogue-ids = 목록 레코드
label-acknowledged = 담당자
label-earlier = 이전 사례
label-next-look = 다음 점검
label-not-shown = 이 결과로 알 수 없는 것
label-news = 새로운 점
label-probe = 점검 페이지
label-limit = 한도
label-missed = 있어야 하나 없는 것
label-worst = 최악
label-kept-copy = 보존본

## Sentences and parts of sentences.

say-checks = { $total }회 중 { $bad }회 비정상
say-checks-attempts = { $total }회 중 { $bad }회 비정상(실패한 시도 { $attempts }회)
say-controls = 대조 페이지 { $total }개 중 { $passed }개 통과
say-unknown = 알 수 없음
say-and = {", "}
say-stop = {" "}
say-kinds = 자료 유형 { $n }가지
say-verdict = { $code } ({ $vantages })
say-turned = { $vantages }: { $seen }
say-since-there = { $since }부터
say-phase = { $seen } ({ $from }~{ $to })
say-phase-now = { $seen } ({ $from }부터)
say-not-checked = { $seen } (관측 지점이 작동하지 않아 지금은 점검하지 않음)
say-back = { $seen }(이전과 같음)
say-earlier = 최근 90일 동안 { $n }건, 가장 긴 것 { $longest }, 마지막 종료 { $last }
say-earlier-none = 최근 90일 동안 같은 사례 없음
say-quoted = “{ $text }”
say-stale-since = { $source } { $probe }: 가장 최근 자료는 { $date } 것입니다.
say-note-day = { $note } ({ $day })
say-note-own = 도서관이 정한 문구: { $note }
say-note-over = { $source } { $probe }에 관한 안내문을 내려도 됩니다.
say-evidence = 측정 기록 { $id }
say-evidence-hash = 측정 기록 { $id }, SHA-256 { $hash }
say-evidence-record = { $evidence }, 보존 기록 { $record }
say-note = { $from }부터 { $to }까지: { $text }
say-note-open = { $from }부터: { $text }
say-observed = { $when }, { $network }: { $answer }
say-observed-by = { $when }, { $by }, { $network }: { $answer }
say-observed-saw = { $observed }, “{ $saw }”
say-browser-ok = 정상 이용
say-browser-refused = 접속 거부
say-browser-partial = 일부만 이용
say-duration-minutes = { $n }분
say-duration-hours = { $n }시간
say-duration-days = { $n }일
say-not-counted = 이 시간은 어떤 자료원에 대해서도 정상이나 장애로 세지 않습니다.
say-vantage-fix = 지금 할 일: 그 컴퓨터의 연결과 프록시, DNS 서버를 확인해 주십시오. 아래 명령으로 하나씩 시험할 수 있습니다.
say-path-fix = 지금 할 일: 휴대전화 회선과 같은 다른 네트워크에서 비교해 보십시오. 아래 명령으로 관측 지점 자체를 시험할 수 있습니다.
say-improved-note = 이 프로그램은 페이지만 확인하고 원문은 내려받지 않습니다. 이용자에게 알리기 전에 브라우저에서 자료 하나를 열어 보십시오.
say-improved-baseline = 이제부터 이 상태를 기준선으로 삼습니다.
say-no-data-note = 보안 인증이나 거부가 있은 뒤 접속을 쉬었거나, 사이트가 프로그램의 접속을 사양했거나, 점검이 이루어지지 않았습니다. 이용자에게 무엇이 보이는지는 사람이 브라우저로 보아야만 알 수 있습니다.
say-flapping-note = 안정될 때까지 변동을 하나하나 메일로 알리지 않으며, 이미 알린 건이 끝날 때만 알립니다. 변동은 모두 요약 메일에 실립니다.
say-flapping-count = { $seen }. 최근 점검 { $total }회 중 { $n }회 바뀜
say-never-observed = { $probe }: { $vantage }에서 아직 관측되지 않음
say-vantage-usable = { $vantage }: 작동함, 대조 페이지 { $total }개 중 { $passed }개 응답
say-vantage-unusable = { $vantage }: { $seen }, 대조 페이지 { $total }개 중 { $passed }개 응답
say-letter-note = 첫 안내 메일입니다. 앞으로는 좋아지든 나빠지든 바뀐 것이 있을 때만 메일을 보냅니다.
say-more = 그 밖에 { $n }건. `accesswatch status`에서 모두 볼 수 있습니다.
say-open-line = #{ $id } { $name }: { $seen }, { $since }부터
say-held-line = #{ $id } { $name }: { $seen } ({ $state }), 이상 최초 확인 { $since }
say-standing-line = { $name }: { $seen }, { $since }부터. 한 번 확인한 뒤 점검 내용을 고치거나 정상으로 받아들여 주십시오: `accesswatch baseline accept { $key }`
say-event-line = { $when }: { $name }, { $vantage }: { $text }
say-event-plain = { $when }: { $text }
say-test-note = 아무 일도 일어나지 않았습니다. 자료원의 접속 상황이 바뀌면 accesswatch가 이와 같은 메일을 보냅니다. 이 주소로 알리는 자료원: { $sources }.
say-footer = accesswatch { $version }: 무엇이 어디에서 관측되었는지를 알릴 뿐, 그 이유는 알지 못합니다.
say-folder-reminder = { $folder } 폴더에 새 메일 { $new }통이 있습니다(모두 { $n }통). 보낸 것은 없습니다. 보내려면 config/accesswatch.toml의 [alerts]에서 `transport`를 정한 뒤 `accesswatch mail test`를 실행해 보십시오.
say-brief-level = { $level } 표시되지 않음
say-brief-barred = { $level } 이용 불가
say-brief-unproven = { $level } 확인 불가
say-looked = 사람이 브라우저로 확인함({ $network }): { $answer }
say-looked-by = { $by }님이 브라우저로 확인함({ $network }): { $answer }
say-noted = 메모: { $text }

## Lines of an incident's story that are no change seen from a vantage.

remark-acknowledged = 확인함: { $by }
remark-silenced = { $until }까지 메일을 보내지 않도록 함
remark-silenced-by = { $by }: { $until }까지 알림 중지
remark-withdrawn = { $by }: 담당 해제
remark-silence-ended = { $by }: 알림 재개
remark-looked-again = { $by }: 즉시 다시 확인하도록 요청
remark-finding = 종합 판단: { $finding }
remark-accepted = { $vantage }에서는 이제 이 상태를 정상으로 봄: { $seen }
remark-folded = { $probe }: { $seen }
remark-path = 누구에게나 공개된 본토의 페이지들이 함께 접속되지 않음

## Events, as lines of the digest.

event-first-seen = 첫 관측: { $seen }
event-changed = { $seen }. 이전: { $before }
event-opened = 보고 #{ $id } 시작: { $seen }
event-joined = 보고 #{ $id }: 이곳에서도 { $seen }
event-left = 보고 #{ $id }: 이곳은 회복됨, { $seen }
event-ended = 보고 #{ $id } 끝남
event-improved = 이전보다 나아짐: { $seen }. 이전: { $before }
event-restored = 다시 이전과 같음: { $seen }
event-not-confirmed = 한 번 관측되었으나 다시 점검했을 때 확인되지 않음: { $seen }
event-flapping = 상태가 반복해서 바뀜
event-steady = 다시 안정됨
event-no-data = 14일 동안 관측되지 않음
event-accepted = 이 상태를 정상(기준선)으로 받아들임: { $seen }
event-observed = 사람이 브라우저로 확인함: { $text }
event-control-fault = 대조 페이지 { $control }: 모든 관측 지점에서 접속되지 않아 그 페이지 자체의 문제로 봄

## Kinds of events in the timeline of a source.

known-announced = 제공처가 예고함
known-restriction = 접속이 닫히거나 어려워짐
known-restored = 전부 또는 일부 복구됨
known-discontinued = 발행이 중단됨
known-move = 다른 주소로 옮겨짐
known-context = 관련된 일이 있었음
known-other = 그 밖의 일

## Suggested notes for the library's catalogue; the day follows.

note-next-level = { $source } { $probe }: 현재 { $level } 이용은 제공되지 않으며, { $here } 화면은 볼 수 있습니다.
note-unproven = { $source } { $probe }: { $level } 이용이 가능한지 확인하고 있으며, { $here } 화면은 볼 수 있습니다.
note-unseen = { $source } { $probe }: 내용이 제공되는지 확인하고 있습니다.
note-text = { $source } { $probe }: 현재 항목에 본문이 없습니다.
note-rows = { $source } { $probe }: 현재 평소와 다른 항목이 나열됩니다.
note-files = { $source } { $probe }: 현재 일부 내용이 제공되지 않습니다.
note-stale = { $source } { $probe }: 평소보다 오랫동안 새 자료가 올라오지 않고 있습니다.
note-shrunk = { $source } { $probe }: 현재 평소보다 훨씬 적은 자료만 표시됩니다.
note-nulls = { $source } { $probe }: 현재 일부 값이 비어 있거나 최신 값이 아닙니다.
note-empty = { $source } { $probe }: 현재 표시되는 자료가 없습니다.
note-replaced = { $source } { $probe }: 현재 원래와 다른 페이지가 표시됩니다.
note-region = { $source } { $probe }: 현재 제공처가 지역에 따라 접속을 거부하고 있습니다.
note-network = { $source } { $probe }: 현재 일부 네트워크에서만 접속할 수 있습니다.
note-access = { $source } { $probe }: 현재 로그인, 구독 또는 소속 기관 확인을 요구합니다.
note-refused = { $source } { $probe }: 현재 접속이 거부됩니다.
note-maintenance = { $source } { $probe }: 제공처의 안내에 따르면 시스템 점검 중입니다.
note-rot = { $source } { $probe }: 이 주소는 더 이상 해당 자료로 이어지지 않으니 제목으로 검색해 주십시오.
note-reach = { $source } { $probe }: 현재 접속할 수 없습니다.

## How a reader answers: by mail to the administrator, or by command.

answer-ask = 브라우저에서 { $url } 주소를 열어 보십시오. { $look }
answer-ask-file = { $look }
answer-click = 본 대로 아래에서 하나를 눌러 알려 주십시오.
answer-tell = 본 것을 accesswatch 담당자가 다음 명령으로 기록합니다.
answer-by-command = accesswatch가 실행되는 곳에서는 다음 명령으로도 알릴 수 있습니다.
answer-works = 정상적으로 이용됨
answer-refused = 접속이 거부됨
answer-partial = 일부만 이용됨
answer-taken = 제가 담당합니다
answer-page = 보고 #{ $id } 웹 페이지
answer-form-network = 접속한 네트워크(학내, 가정, 휴대전화 등):
answer-form-words = 페이지에 표시된 문구(그대로):

## What a person is asked to look at.

look-as-before = 이전처럼 작동합니까?
look-full-text = 원문(PDF, CAJ) 보기 버튼이 있습니까? 자료를 두 건 이상 내려받지는 마십시오.
look-files = 파일이 열립니까? 하나만 내려받아 주십시오.
look-rows = 행이 있습니까? 값이 들어 있습니까? 가장 최근 항목의 날짜는 언제입니까?
look-item = 자료가 있습니까? 없다면 사이트의 검색에서 제목으로 찾을 수 있습니까?
look-check = 사이트가 요구하는 보안 인증을 마친 뒤, 페이지가 나타나고 제대로 작동합니까?
look-entitled = 도서관 네트워크에서 접속했을 때 우리 기관의 이름이 표시됩니까? 페이지는 무엇을 요구합니까?
look-wording = 페이지에 적힌 문구는 정확히 무엇입니까? 도서관에서, 그리고 휴대전화 회선과 같은 다른 네트워크에서도 확인해 주십시오.
look-usual = 이용자가 하던 일(검색, 초록 열람, 원문 열람)을 그대로 할 수 있습니까?
look-answers = 페이지가 열립니까? 도서관에서, 그리고 휴대전화 회선과 같은 다른 네트워크에서도 확인해 주십시오.
look-works = 이용자에게 필요한 대로 작동합니까?

## Letters to the administrator of the computer.

disk-subject = accesswatch: 디스크 공간이 거의 없음
disk-lead = accesswatch 기록이 저장된 디스크에 { $free }만 남아 있습니다. 공간이 없어지면 아무것도 기록되지 않으며 변화를 알리는 메일도 나가지 않습니다.
disk-help = 디스크 공간을 확보해 주십시오. 보관 분량은 config/accesswatch.toml의 `[store]`에 있는 `keep_bodies`와 `keep_measurements`로 정하며, `accesswatch purge --before DATE`로 더 지울 수 있습니다.

## The letters on cited links.

links-subject = 인용 링크: { $n }건 변동 ({ $day })
links-subject-watched = 주시 문서: 링크 { $n }건 변동 ({ $day })
# A letter of a week in which no link was lost, moved or back and some links are to be opened.
links-subject-hand = 인용 링크: 직접 열어 볼 { $n }건 ({ $day })
links-lead = { $day } 메일 이후 인용된 링크 { $n }건에 변동이 있습니다.
links-lead-watched = 주시 중인 문서에서 인용된 링크 { $n }건에 변동이 있습니다.
links-lead-hand = { $day } 메일 이후 새로 사라졌거나 접속이 거부되거나 내용이 달라졌거나 이동했거나 다시 열린 인용 링크는 없습니다. 아래 링크 { $n }건은 사이트가 프로그램의 접속을 받지 않아, 아직 있는지는 사람만 확인할 수 있습니다.
links-help = 링크를 바꾸기 전에 브라우저로 직접 열어 확인해 주십시오. 이력은 `accesswatch links show`로 볼 수 있습니다.
# One citation: what became of its link.
links-line = { $id } { $state } { $since }: { $title } ({ $place }), { $url } (확인된 내용: { $seen })
# Behind the line, where an archive has a copy.
links-copy = {". 사본: "}{ $url }
# Behind the line: the reference as it should read now.
links-reference = {". 붙여 넣을 참고 문헌: "}{ $reference }
links-gone = 사라짐
links-blocked = 접속 거부
links-drifted = 내용이 달라짐
links-moved = { $to }(으)로 이동
links-back = 다시 열림
links-since = { $day }부터
# It was so when it was first checked.
links-already = 첫 확인 이전부터
links-heading-hand = 직접 열어 확인해 주실 링크
links-hand-line = { $url } (확인 후: `accesswatch links observe { $id } --browser ok` 또는 `gone`, `drifted`, `refused`)
links-heading-hosts = 한 호스트의 링크 여러 건이 함께 나빠짐
links-host-line = { $host }: { $day }, 링크 { $checked }건 중 { $worse }건. 다시 확인한 뒤에 반영합니다.
links-heading-counts = 프로그램으로 확인할 수 없는 링크
links-count-declining = 사이트가 프로그램의 접속을 받지 않음: { $n }건
links-count-robots = 사이트가 프로그램의 열람을 원하지 않음: { $n }건
