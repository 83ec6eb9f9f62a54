use super::*;

#[test]
fn a_fact_is_its_key_and_its_parameters() {
    let date = NaiveDate::from_ymd_opt(2026, 10, 29).unwrap();
    let counted = DayCount::Calendar {
        calendar: "cn".into(),
        closed: 5,
        estimated: 0,
        uncovered: 1,
    };
    let old = Fact::ValueOld {
        value: "latest".into(),
        date,
        age: Age { days: 25, counted },
        allowed: 12,
    };
    let json = serde_json::to_value(&old).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"key": "value_old", "args": {
            "value": "latest", "date": "2026-10-29", "allowed": 12,
            "age": {"days": 25, "counted": "calendar", "calendar": "cn", "closed": 5, "estimated": 0,
                    "uncovered": 1},
        }})
    );
    assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), old);
    assert!(old.is_limit() && old.newest_date() == Some(date));
    let none = serde_json::to_string(&Fact::NoData).unwrap();
    assert_eq!(none, r#"{"key":"no_data"}"#);
}
