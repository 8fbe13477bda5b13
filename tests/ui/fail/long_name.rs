//! Identifiers that PostgreSQL would cut.

#[derive(limbeck::Table)]
#[table(index(id; name = "post_of_a_person_or_a_group_of_persons_by_the_date_of_its_creation_idx"))]
struct PostOfAPersonOrAGroupOfPersonsByTheDateOfItsCreationAndSoOnAndOn {
    #[column(primary_key, name = "")]
    id: i64,
}

fn main() {}
