//! Newtypes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::ast::Newtype;

/// The impls of `ColumnType` and `ArrayElement`: those of the value inside.
pub(crate) fn newtype(of: &Newtype<'_>) -> TokenStream {
    let (krate, inner) = (&of.krate, of.inner);
    let (ty, nullable, probe) = match &of.sql_type {
        Some(sql) => (
            quote!(#krate::TypeDef::Sql(#sql)),
            quote!(#krate::__private::Probe::<#inner>::NULLABLE),
            Some(quote!(use #krate::__private::Unprobed as _;)),
        ),
        None => (
            quote_spanned!(inner.span()=> <#inner as #krate::ColumnType>::TYPE),
            quote!(<#inner as #krate::ColumnType>::NULLABLE),
            None,
        ),
    };
    implementation(of, &ty, &nullable, probe.as_ref())
}

/// The impls around a type. The fallback uses it too.
pub(crate) fn implementation(
    of: &Newtype<'_>,
    ty: &TokenStream,
    nullable: &TokenStream,
    probe: Option<&TokenStream>,
) -> TokenStream {
    let (krate, ident) = (&of.krate, &of.input.ident);
    let mut generics = of.input.generics.clone();
    let parameters = of.input.generics.params.iter().any(|p| matches!(p, syn::GenericParam::Type(_)));
    if let (true, Some(inner), None) = (parameters, of.inner, &of.sql_type) {
        generics.make_where_clause().predicates.push(syn::parse_quote!(#inner: #krate::ColumnType));
    }
    let (impl_generics, ty_generics, clause) = generics.split_for_impl();
    quote! {
        const _: () = {
            #probe
            #[automatically_derived]
            impl #impl_generics #krate::ColumnType for #ident #ty_generics #clause {
                const TYPE: #krate::TypeDef = #ty;
                const NULLABLE: bool = #nullable;
            }

            #[automatically_derived]
            impl #impl_generics #krate::ArrayElement for #ident #ty_generics #clause {
                const ARRAY: #krate::TypeDef = #krate::TypeDef::Array(&<Self as #krate::ColumnType>::TYPE);
            }
        };
    }
}
